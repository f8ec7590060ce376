using System.Diagnostics;

namespace CapifOrleans.Silo.Demo;

/// <summary>
/// An API invoker's whole life against a core function: what a provider does before it, what the invoker does, and what is left after its
/// offboarding. Every answer is checked; the first thing that does not hold ends the run.
/// </summary>
internal sealed class DemoRun : IDisposable
{
    private readonly DemoReport _report;

    /// <summary>A run against this core function.</summary>
    public DemoRun(DemoTarget target, DemoReport report)
    {
        Target = target;
        _report = report;
        Http = new DemoHttp(report);
        Nobody = new DemoParty("nobody", target.Root);
        Amf = new DemoParty("amf", target.Root);
        Apf = new DemoParty("apf", target.Root);
        Aef = new DemoParty("aef", target.Root);
        Invoker = new DemoParty("invoker", target.Root);
    }

    /// <summary>The core function.</summary>
    public DemoTarget Target { get; }

    /// <summary>Sends requests.</summary>
    public DemoHttp Http { get; }

    /// <summary>A party without certificate.</summary>
    public DemoParty Nobody { get; }

    /// <summary>The provider's management function.</summary>
    public DemoParty Amf { get; }

    /// <summary>The provider's publishing function.</summary>
    public DemoParty Apf { get; }

    /// <summary>The provider's exposing function.</summary>
    public DemoParty Aef { get; }

    /// <summary>The API invoker.</summary>
    public DemoParty Invoker { get; }

    /// <summary>The enrolment credential.</summary>
    public string Credential { get; set; } = "";

    /// <summary>The apiProvDomId.</summary>
    public string ApiProvDomId { get; set; } = "";

    /// <summary>The published service API.</summary>
    public string ApiId { get; set; } = "";

    /// <summary>Its name; unique in every run, so that a run can be repeated.</summary>
    public string ApiName { get; } = "3gpp-demo-" + Guid.NewGuid().ToString("N")[..8];

    /// <summary>Runs it; false, with the reason printed, where something did not hold.</summary>
    public Task<bool> RunAsync(CancellationToken cancellationToken) => HoldsAsync(async () =>
    {
        await using var receiver = await NotificationReceiver.StartAsync(cancellationToken);
        Title("The API provider");
        await ProviderSteps.RunAsync(this, receiver, cancellationToken);
        Title("The API invoker");
        await InvokerSteps.RunAsync(this, cancellationToken);
        Title("Invocation log and audit");
        await LogSteps.RunAsync(this, cancellationToken);
        Title("Offboarding");
        await OffboardingSteps.RunAsync(this, receiver, cancellationToken);
        Title("The provider leaves as well");
        await ProviderSteps.DeregisterAsync(this, cancellationToken);
    });

    /// <summary>Runs steps; false, with the reason printed, where something did not hold.</summary>
    public async Task<bool> HoldsAsync(Func<Task> steps)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await steps();
            _report.AllHeld(Stopwatch.GetElapsedTime(started));
            return true;
        }
        catch (DemoFailure failure)
        {
            _report.Failed(failure.Message);
        }
        catch (Client.CapifException failure)
        {
            _report.Failed(failure.Message);
        }
        catch (HttpRequestException failure)
        {
            _report.Failed($"no connection: {failure.Message} {failure.GetBaseException().Message}");
        }

        return false;
    }

    /// <summary>A title between steps.</summary>
    public void Title(string text) => _report.Title(text);

    /// <summary>Something that is no request of its own, timed and printed.</summary>
    public async Task CheckAsync(string what, string clause, Func<Task<string>> check)
    {
        var started = Stopwatch.GetTimestamp();
        var seen = await check();
        _report.Check(what, seen, clause, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>An address below the core listener's root.</summary>
    public Uri Core(string path) => new(Target.Core, path);

    /// <inheritdoc/>
    public void Dispose()
    {
        Nobody.Dispose();
        Amf.Dispose();
        Apf.Dispose();
        Aef.Dispose();
        Invoker.Dispose();
    }
}
