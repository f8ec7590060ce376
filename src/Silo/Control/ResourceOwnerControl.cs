using System.Collections.Immutable;
using CapifOrleans.Security;
using CapifOrleans.Silo.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Silo.Control;

internal sealed partial class ControlClient
{
    /// <inheritdoc/>
    public Task<Outcome<ResourceOwnerAccount>> AddResourceOwnerAsync(NewResourceOwner owner, CancellationToken cancellationToken) =>
        PostAsync("resource-owners", owner, ControlJson.Default.NewResourceOwner, ControlJson.Default.OutcomeResourceOwnerAccount, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ResourceOwnerAccount>> ListResourceOwnersAsync(CancellationToken cancellationToken) =>
        GetAsync("resource-owners", ControlJson.Default.ImmutableArrayResourceOwnerAccount, cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome> RemoveResourceOwnerAsync(string gpsi, CancellationToken cancellationToken)
    {
        using var answer = await _http.DeleteAsync(new Uri("resource-owners/" + Uri.EscapeDataString(gpsi), UriKind.Relative), cancellationToken);
        return await ReadAsync(answer, ControlJson.Default.Outcome, cancellationToken);
    }
}

internal static partial class ControlListener
{
    private static void MapResourceOwners(WebApplication application, IAdministration administration)
    {
        var json = ControlJson.Default;
        application.MapGet("/resource-owners", (RequestDelegate)(async http =>
            await AnswerAsync(http, await administration.ListResourceOwnersAsync(http.RequestAborted), json.ImmutableArrayResourceOwnerAccount)));
        application.MapPost("/resource-owners", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.NewResourceOwner) is { } owner)
                await AnswerAsync(http, await administration.AddResourceOwnerAsync(owner, CancellationToken.None), json.OutcomeResourceOwnerAccount);
        }));
        application.MapDelete("/resource-owners/{gpsi}", (RequestDelegate)(async http => await AnswerAsync(
            http, await administration.RemoveResourceOwnerAsync((string)http.Request.RouteValues["gpsi"]!, CancellationToken.None), json.Outcome)));
    }
}
