using CapifOrleans.Events;
using CapifOrleans.InvokerManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Grains.Tests.InvokerManagement;

/// <summary>Feature CAPIF_Ext1 of onboarding (29.222 8.4.4.2.2, 8.4.4.2.8, 8.4.5.3, 8.4.6).</summary>
public sealed class OnboardingCriteriaTests
{
    private static readonly OnboardingCriteria Oauth = new() { SecMethods = [SecurityMethod.Oauth] };
    private static readonly RelatedCriteria TheAef = new() { AefIds = [InvokerHost.AefId] };

    public static TheoryData<string, bool> Criteria => new()
    {
        { "oauth", true },
        { "psk", false },
        { "oauth at the AEF", true },
        { "pki at the AEF", false },
        { "oauth at an AEF that nobody knows", false },
        { "about a category", false },
    };

    [Theory]
    [MemberData(nameof(Criteria))]
    public async Task Criterion_IsMet_Or403OnboardingCriNotMet_29222_8_4_5_3(string name, bool isMet)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.PublishAsync(SecurityMethod.Oauth);
        var outcome = await host.OnboardAsync("a", With(key, Named(name)));
        Assert.Equal(isMet, outcome.Refusal is null);
        if (isMet)
            return;
        Assert.Equal((ErrorKind.OnboardingCriteriaNotMet, "ONBOARDING_CRI_NOT_MET"), (outcome.Refusal!.Kind, outcome.Refusal.Cause));
        Assert.Equal("onboardingInformation.onboardingCriteria[1]", outcome.Refusal.InvalidParams.Single().Param);
        // Nothing was made: the key is not reserved.
        Assert.Null(await host.Reservation(key).GetOwnerAsync(default));
        Assert.False(await host.Invoker("a").IsOnboardedAsync(default));
    }

    [Fact]
    public async Task CriterionThatIsNotMet_IsAnEvent_23222_8_8()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.SubscribeAsync(CallerRole.Amf, "amf1", CapifEvent.ApiInvokerOnboardingCriteriaFailed);
        Assert.NotNull((await host.OnboardAsync("a", With(key, Named("psk")))).Refusal);
        host.Host.Time.Advance(TimeSpan.Zero);
        var told = await host.Sender.ReceivedAsync("amf1.example", "API_INVOKER_ONBOARDING_CRITERIA_FAILED");
        Assert.Contains("\"secMethods\":[\"PSK\"]", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutTheFeature_CriteriaAreNotLookedAt()
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        var details = With(key, Named("psk")) with { SupportedFeatures = SupportedFeatures.Of(3) };
        Assert.Null((await host.OnboardAsync("a", details)).Refusal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ServiceApiThatIsNotToBeHad_IsAFailureReason_OfCapifExt1_29222_8_4_4_2_2(bool negotiated)
    {
        await using var host = await InvokerHost.StartAsync();
        using var key = new SigningKey();
        await host.PublishAsync(SecurityMethod.Oauth);
        var wanted = new ApiList
        {
            ServiceApiDescriptions =
            [
                InvokerHost.WantingThePublished().ServiceApiDescriptions!.Value[0],
                new ServiceApiDescription { ApiName = "missing", ApiId = "missing" },
            ],
        };
        var details = InvokerHost.Details(key) with { ApiList = wanted, SupportedFeatures = negotiated ? SupportedFeatures.Of(3, 6) : SupportedFeatures.Of(3) };
        await CheckAsync(await host.OnboardAsync("a", details));
        await CheckAsync(await host.Invoker("a").UpdateAsync(details, default));

        async Task CheckAsync(Outcome<ApiInvokerEnrolmentDetails> outcome)
        {
            Assert.Equal("things", outcome.Value!.ApiList!.ServiceApiDescriptions!.Value.Single().ApiName);
            Assert.Equal(negotiated ? "missing" : null, outcome.Value.FailureReasons?.Single().ApiName.Single());
            // It is the answer's, not the profile's.
            Assert.Null((await host.Invoker("a").PatchAsync([.. "{\"apiInvokerInformation\":\"x\",\"apiList\":null}"u8], default)).Value!.FailureReasons);
        }
    }

    private static OnboardingCriteria Named(string name) => name switch
    {
        "oauth" => Oauth,
        "psk" => new OnboardingCriteria { SecMethods = [SecurityMethod.Psk] },
        "oauth at the AEF" => Oauth with { RelatedCriteria = TheAef },
        "pki at the AEF" => new OnboardingCriteria { SecMethods = [SecurityMethod.Pki], RelatedCriteria = TheAef },
        "about a category" => Oauth with { RelatedCriteria = TheAef with { ServiceApiCategories = ["any"] } },
        _ => Oauth with { RelatedCriteria = new RelatedCriteria { AefIds = ["nobody"] } },
    };

    private static ApiInvokerEnrolmentDetails With(SigningKey key, OnboardingCriteria second) => InvokerHost.Details(key) with
    {
        SupportedFeatures = SupportedFeatures.Of(3, 6),
        OnboardingInformation = new OnboardingInformation { ApiInvokerPublicKey = key.Request, OnboardingCriteria = [Oauth, second] },
    };
}
