using System.Collections.Immutable;
using CapifOrleans.Discover;
using CapifOrleans.Routing;
using CapifOrleans.Silo.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Silo.Control;

internal sealed partial class ControlClient
{
    /// <inheritdoc/>
    public Task<Outcome> SetRestrictionAsync(DiscoveryRestriction restriction, CancellationToken cancellationToken) =>
        PostAsync("restrictions", restriction, ControlJson.Default.DiscoveryRestriction, ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RemoveRestrictionAsync(DiscoveryRestriction restriction, CancellationToken cancellationToken) =>
        PostAsync("restrictions/remove", restriction, ControlJson.Default.DiscoveryRestriction, ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> SetOpenAsync(OpenServiceApi serviceApi, CancellationToken cancellationToken) =>
        PostAsync("open-apis", serviceApi, ControlJson.Default.OpenServiceApi, ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<DiscoveryRules> GetDiscoveryPolicyAsync(CancellationToken cancellationToken) =>
        GetAsync("restrictions", ControlJson.Default.DiscoveryRules, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> SetHidingAsync(TopologyHidingRule rule, CancellationToken cancellationToken) =>
        PostAsync("hidings", rule, ControlJson.Default.TopologyHidingRule, ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> RemoveHidingAsync(HiddenSubject subject, CancellationToken cancellationToken) =>
        PostAsync("hidings/remove", subject, ControlJson.Default.HiddenSubject, ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<TopologyHidingRule>> ListHidingsAsync(CancellationToken cancellationToken) =>
        GetAsync("hidings", ControlJson.Default.ImmutableArrayTopologyHidingRule, cancellationToken);
}

internal static partial class ControlListener
{
    private static void MapDiscovery(WebApplication application, IAdministration administration)
    {
        var json = ControlJson.Default;
        application.MapGet("/restrictions", (RequestDelegate)(async http =>
            await AnswerAsync(http, await administration.GetDiscoveryPolicyAsync(http.RequestAborted), json.DiscoveryRules)));
        application.MapPost("/restrictions", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.DiscoveryRestriction) is { } restriction)
                await AnswerAsync(http, await administration.SetRestrictionAsync(restriction, CancellationToken.None), json.Outcome);
        }));
        application.MapPost("/restrictions/remove", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.DiscoveryRestriction) is { } restriction)
                await AnswerAsync(http, await administration.RemoveRestrictionAsync(restriction, CancellationToken.None), json.Outcome);
        }));
        application.MapPost("/open-apis", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.OpenServiceApi) is { } serviceApi)
                await AnswerAsync(http, await administration.SetOpenAsync(serviceApi, CancellationToken.None), json.Outcome);
        }));
        application.MapGet("/hidings", (RequestDelegate)(async http =>
            await AnswerAsync(http, await administration.ListHidingsAsync(http.RequestAborted), json.ImmutableArrayTopologyHidingRule)));
        application.MapPost("/hidings", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.TopologyHidingRule) is { } rule)
                await AnswerAsync(http, await administration.SetHidingAsync(rule, CancellationToken.None), json.Outcome);
        }));
        application.MapPost("/hidings/remove", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.HiddenSubject) is { } subject)
                await AnswerAsync(http, await administration.RemoveHidingAsync(subject, CancellationToken.None), json.Outcome);
        }));
    }
}
