using CapifOrleans.Aef.Configuration;
using CapifOrleans.Aef.CoreFunction;
using CapifOrleans.Logging;
using Microsoft.Extensions.Hosting;

namespace CapifOrleans.Aef.Logging;

/// <summary>
/// Sends invocation logs to the core function (29.222 5.8.2.2), a batch for each API invoker of a sealed file. A batch is called the same in
/// every try, so that the core function stores it once; a file goes when all of it was taken. While the core function is away it is tried
/// again and again.
/// </summary>
internal sealed partial class InvocationLogSender(
    InvocationLogSpool spool, ICoreFunction core, AefIdentity identity, TimeProvider time, ILogger<InvocationLogSender> logger) : BackgroundService
{
    private const int MostInBatch = 500;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = ShortestPause;
        try
        {
            while (true)
            {
                if (spool.SealedFiles() is not [var first, ..])
                {
                    await spool.WaitForSealedAsync(stoppingToken);
                    continue;
                }

                if (await TrySendAsync(first, stoppingToken))
                {
                    pause = ShortestPause;
                    continue;
                }

                await Task.Delay(pause, time, stoppingToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: what is left is sent after the next start.
        }
    }

    private async Task<bool> TrySendAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            var batch = 0;
            foreach (var (apiInvokerId, lines) in Batches(file))
            {
                var log = new InvocationLog { AefId = identity.AefId, ApiInvokerId = apiInvokerId, Logs = [.. lines.Select(line => line.Log)] };
                var outcome = await core.LogAsync(log, $"{spool.SpoolId}-{Path.GetFileNameWithoutExtension(file)}-{batch++}", cancellationToken);
                if (outcome.Refusal is { } refusal)
                {
                    // One that is gone already, or was never as it should be: it would be refused for ever.
                    RefusedForGood(refusal.Detail);
                    spool.LayAside(apiInvokerId, lines);
                }
            }

            spool.Remove(file);
            return true;
        }
        catch (Exception fault) when (fault is CoreFunctionUnavailableException or IOException)
        {
            Unavailable(fault.Message);
            return false;
        }
    }

    /// <summary>The batches of a file: always the same ones, in the same order.</summary>
    private static List<(string ApiInvokerId, List<LoggedLine> Lines)> Batches(string file)
    {
        var batches = new List<(string ApiInvokerId, List<LoggedLine> Lines)>();
        var current = new Dictionary<string, List<LoggedLine>>(StringComparer.Ordinal);
        foreach (var text in File.ReadLines(file))
        {
            if (LoggedLine.TryRead(System.Text.Encoding.UTF8.GetBytes(text)) is not { } line)
                continue;
            if (!current.TryGetValue(line.ApiInvokerId, out var lines) || lines.Count >= MostInBatch)
            {
                current[line.ApiInvokerId] = lines = [];
                batches.Add((line.ApiInvokerId, lines));
            }

            lines.Add(line);
        }

        return batches;
    }

    [LoggerMessage(1, LogLevel.Warning, "Invocation logs wait, since the core function does not take them: {Reason}")]
    private partial void Unavailable(string reason);

    [LoggerMessage(2, LogLevel.Error, "The core function refuses an invocation log: {Reason}")]
    private partial void RefusedForGood(string reason);
}
