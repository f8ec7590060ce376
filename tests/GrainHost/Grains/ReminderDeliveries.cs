using Microsoft.Extensions.Logging;

namespace CapifOrleans.GrainHost.Tests.Grains;

/// <summary>
/// Says "NAME is over" when the host has done with a delivery of the reminder NAME, well or not: only from then on does its next tick come.
/// The host tells its log, and nobody else.
/// </summary>
public sealed class ReminderDeliveries(Gates gates) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name is not ("Delivered" or "Failed") || state is not IReadOnlyList<KeyValuePair<string, object?>> fields)
            return;
        if (fields.FirstOrDefault(field => field.Key == "Reminder").Value is string reminder)
            gates.Say($"{reminder} is over");
    }

    public void Dispose()
    {
    }
}
