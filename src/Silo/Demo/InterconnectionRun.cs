using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.AccessControl;
using CapifOrleans.Interconnection;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Commands;
using CapifOrleans.Silo.Hosting;
using CapifOrleans.Silo.Options;

namespace CapifOrleans.Silo.Demo;

/// <summary>
/// <c>demo --interconnection</c>: an API invoker that is onboarded to one operator's core function uses the AEF of another's (seed 003, TS 23.222 8.25).
/// Two core functions with authorities and data folders of their own run for it.
/// </summary>
internal sealed class InterconnectionRun
{
    private const string User = "demo";
    private readonly DemoReport _report;

    private InterconnectionRun(DemoReport report, CoreFunction a, CoreFunction b, DemoRun atA, DemoRun atB) =>
        (_report, CoreA, CoreB, A, B) = (report, a, b, atA, atB);

    /// <summary>The operator with the AEF.</summary>
    public CoreFunction CoreA { get; }

    /// <summary>The operator with the API invoker.</summary>
    public CoreFunction CoreB { get; }

    /// <summary>What happens at A.</summary>
    public DemoRun A { get; }

    /// <summary>What happens at B.</summary>
    public DemoRun B { get; }

    /// <summary>The ccfId of the operator with the AEF.</summary>
    public const string CcfA = "ccf-a";

    /// <summary>The ccfId of the operator with the API invoker.</summary>
    public const string CcfB = "ccf-b";

    /// <summary>Its provider domain.</summary>
    public const string DomainB = "operator-b.example";

    private const string DomainA = "operator-a.example";

    /// <summary>Runs it; the exit code.</summary>
    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("capif-demo-");
        try
        {
            var report = new DemoReport(context.Output);
            await using var a = await StartAsync(context, folder.FullName, CcfA, DomainA, cancellationToken);
            await using var b = await StartAsync(context, folder.FullName, CcfB, DomainB, cancellationToken);
            await context.Output.WriteLineAsync($"Operator A runs at {a.Core} and {a.Interconnection}, operator B at {b.Core} and {b.Interconnection}.");
            using var atA = new DemoRun(await TargetAsync(a, cancellationToken), report);
            using var atB = new DemoRun(await TargetAsync(b, cancellationToken), report);
            return await new InterconnectionRun(report, a, b, atA, atB).RunAsync(cancellationToken) ? ExitCodes.Done : ExitCodes.Failed;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await using var receiver = await NotificationReceiver.StartAsync(cancellationToken);
            _report.Title("Operator A: an API provider, whose service API is shared");
            await ProviderSteps.RunAsync(A, receiver, cancellationToken);
            await InterconnectionSteps.InterconnectAsync(this, cancellationToken);
            var apiId = await InterconnectionSteps.ShareAsync(this, cancellationToken);
            _report.Title("Operator B: an API invoker, who finds it");
            await ProviderSteps.EnrolAsync(B, cancellationToken);
            await InvokerSteps.OnboardAsync(B, cancellationToken);
            await InterconnectionSteps.DiscoverAsync(this, cancellationToken);
            _report.Title("By default nothing; then method 3 (OAuth) and method 2 (PKI)");
            await InterconnectionSteps.RefusedWithoutPolicyAsync(this, cancellationToken);
            await AllowAsync(apiId, cancellationToken);
            await InterconnectionSteps.TokenAsync(this, cancellationToken);
            await InterconnectionSteps.PkiAsync(this, cancellationToken);
            _report.Title("The API invoker leaves operator B");
            await InterconnectionSteps.OffboardAsync(this, receiver, cancellationToken);
            _report.AllHeld(Stopwatch.GetElapsedTime(started));
            return true;
        }
        catch (DemoFailure failure)
        {
            _report.Failed(failure.Message);
        }
        catch (HttpRequestException failure)
        {
            _report.Failed(failure.Message);
        }

        return false;
    }

    /// <summary>As operator A: <c>peer allow ccf-b</c>.</summary>
    private Task AllowAsync(string apiId, CancellationToken cancellationToken) => A.CheckAsync(
        "operator A allows it to B's API invokers", "seed 003 6.X.3.1, FFS", async () =>
        {
            var policy = new InterconnectionPolicy { ApiId = apiId, Bounds = new ApiInvokerPolicy { ApiInvokerId = "", AllowedInvocationsPerSecond = 50 } };
            var outcome = await CoreA.Administration.AllowPeerAsync(CcfB, policy, cancellationToken);
            DemoFailure.Unless(outcome.Refusal is null, "the policy is set");
            return $"peer allow {CcfB} {apiId} --per-second 50";
        });

    /// <summary>What an operator tells the other.</summary>
    public static InterconnectedCcf Describe(string ccfId, CoreFunction core) => new()
    {
        CcfId = ccfId,
        Address = core.Interconnection!.GetLeftPart(UriPartial.Authority),
        TrustAnchors = File.ReadAllText(core.RootFile),
        CapifProvDoms = [ccfId == CcfA ? DomainA : DomainB],
    };

    private static Task<CoreFunction> StartAsync(
        CommandContext context, string folder, string ccfId, string domain, CancellationToken cancellationToken) => CoreFunction.StartAsync(
            new SiloOptions
            {
                DataDirectory = Path.Combine(folder, ccfId),
                ListenAddress = IPAddress.Loopback,
                CorePort = 0,
                EnrolmentPort = 0,
                OperationsPort = 0,
                InterconnectionPort = 0,
                CcfId = ccfId,
                CapifProvDom = domain,
                LogLevel = LogLevel.Warning,
            },
            Stream.Null, context.Time, cancellationToken);

    private static async Task<DemoTarget> TargetAsync(CoreFunction core, CancellationToken cancellationToken)
    {
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var added = await core.Administration.AddUserAsync(new NewUser { UserName = User, Password = password }, cancellationToken);
        DemoFailure.Unless(added.Refusal is null, "an enrolment account is made");
        return new DemoTarget
        {
            Core = core.Core,
            Enrolment = core.Enrolment,
            Root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(core.RootFile, cancellationToken)),
            UserName = User,
            Password = password,
        };
    }
}
