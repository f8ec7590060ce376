namespace CapifOrleans.Grains;

/// <summary>Hears of each finished step of a procedure that spans grains, after the step was written down.</summary>
public interface IProcedureObserver
{
    /// <summary>A step is done and on the disk.</summary>
    Task StepDoneAsync(string procedure, string id, string step);
}

/// <summary>Logs the steps.</summary>
internal sealed partial class ProcedureLog(ILogger<ProcedureLog> logger) : IProcedureObserver
{
    /// <inheritdoc/>
    public Task StepDoneAsync(string procedure, string id, string step)
    {
        StepDone(procedure, id, step);
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Debug, "{Procedure} of {Id}: {Step}")]
    private partial void StepDone(string procedure, string id, string step);
}
