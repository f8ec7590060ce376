using Orleans;
using Orleans.Runtime;

namespace CapifOrleans.GrainHost.Tests.Grains;

/// <summary>Keeps a number and a text in its state.</summary>
[Alias("test.INotesGrain")]
public interface INotesGrain : IGrainWithStringKey
{
    [Alias("Write")]
    Task WriteAsync(string text, CancellationToken cancellationToken = default);

    [Alias("Read")]
    Task<string?> ReadAsync(CancellationToken cancellationToken = default);

    [Alias("Clear")]
    Task ClearAsync();

    [Alias("IsRecorded")]
    Task<bool> IsRecordedAsync();

    [Alias("ReadAnew")]
    Task<string?> ReadAnewAsync();

    [Alias("Etag")]
    Task<string?> EtagAsync();
}

public sealed class NotesState
{
    public string? Text { get; set; }

    public int Writes { get; set; }
}

[GrainType("notes")]
public sealed class NotesGrain([PersistentState("notes", "capif")] IPersistentState<NotesState> state) : Grain, INotesGrain
{
    public async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        state.State.Text = text;
        state.State.Writes++;
        await state.WriteStateAsync(cancellationToken);
    }

    public Task<string?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Text);

    public Task ClearAsync() => state.ClearStateAsync();

    public Task<bool> IsRecordedAsync() => Task.FromResult(state.RecordExists);

    public async Task<string?> ReadAnewAsync()
    {
        await state.ReadStateAsync();
        return state.State.Text;
    }

    public Task<string?> EtagAsync() => Task.FromResult(state.Etag);
}
