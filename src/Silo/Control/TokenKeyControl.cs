using System.Collections.Immutable;
using CapifOrleans.Grains.Pki;
using CapifOrleans.Silo.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Silo.Control;

/// <summary>A rotation that the operator wants.</summary>
internal sealed record KeyRotation
{
    /// <summary>Whether the new key signs at once.</summary>
    public required bool AtOnce { get; init; }
}

internal sealed partial class ControlClient
{
    /// <inheritdoc/>
    public Task<ImmutableArray<TokenKeyDescription>> ListTokenKeysAsync(CancellationToken cancellationToken) =>
        GetAsync("token-keys", ControlJson.Default.ImmutableArrayTokenKeyDescription, cancellationToken);

    /// <inheritdoc/>
    public Task<TokenKeyDescription> RotateTokenKeysAsync(bool atOnce, CancellationToken cancellationToken) => PostAsync(
        "token-keys", new KeyRotation { AtOnce = atOnce }, ControlJson.Default.KeyRotation, ControlJson.Default.TokenKeyDescription, cancellationToken);
}

internal static partial class ControlListener
{
    private static void MapTokenKeys(WebApplication application, IAdministration administration)
    {
        var json = ControlJson.Default;
        application.MapGet("/token-keys", (RequestDelegate)(async http =>
            await AnswerAsync(http, await administration.ListTokenKeysAsync(http.RequestAborted), json.ImmutableArrayTokenKeyDescription)));
        application.MapPost("/token-keys", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.KeyRotation) is { } rotation)
                await AnswerAsync(http, await administration.RotateTokenKeysAsync(rotation.AtOnce, CancellationToken.None), json.TokenKeyDescription);
        }));
    }
}
