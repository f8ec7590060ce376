using System.Collections.Immutable;
using CapifOrleans.Interconnection;
using CapifOrleans.Silo.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Silo.Control;

internal sealed partial class ControlClient
{
    /// <inheritdoc/>
    public Task<Outcome> SetPeerAsync(InterconnectedCcf ccf, CancellationToken cancellationToken) =>
        PostAsync("peers", ccf, ControlJson.Default.InterconnectedCcf, ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<InterconnectedCcf>> ListPeersAsync(CancellationToken cancellationToken) =>
        GetAsync("peers", ControlJson.Default.ImmutableArrayInterconnectedCcf, cancellationToken);

    /// <inheritdoc/>
    public Task<PeerReport> ShowPeerAsync(string ccfId, CancellationToken cancellationToken) =>
        GetAsync(PeerPath(ccfId), ControlJson.Default.PeerReport, cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome> RemovePeerAsync(string ccfId, CancellationToken cancellationToken)
    {
        using var answer = await _http.DeleteAsync(new Uri(PeerPath(ccfId), UriKind.Relative), cancellationToken);
        return await ReadAsync(answer, ControlJson.Default.Outcome, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Outcome> RevokePeerCertificateAsync(string ccfId, string serialNumber, CancellationToken cancellationToken) => PostAsync(
        PeerPath(ccfId) + "/revoked", new PeerCertificateRevocation { SerialNumber = serialNumber }, ControlJson.Default.PeerCertificateRevocation,
        ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> AllowPeerAsync(string ccfId, InterconnectionPolicy policy, CancellationToken cancellationToken) => PostAsync(
        PeerPath(ccfId) + "/policies", policy, ControlJson.Default.InterconnectionPolicy, ControlJson.Default.Outcome, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome> DisallowPeerAsync(string ccfId, PeerPolicySubject subject, CancellationToken cancellationToken) => PostAsync(
        PeerPath(ccfId) + "/policies/remove", subject, ControlJson.Default.PeerPolicySubject, ControlJson.Default.Outcome, cancellationToken);

    private static string PeerPath(string ccfId) => "peers/" + Uri.EscapeDataString(ccfId);
}

internal static partial class ControlListener
{
    private static void MapPeers(WebApplication application, IAdministration administration)
    {
        var json = ControlJson.Default;
        application.MapGet("/peers", (RequestDelegate)(async http =>
            await AnswerAsync(http, await administration.ListPeersAsync(http.RequestAborted), json.ImmutableArrayInterconnectedCcf)));
        application.MapPost("/peers", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.InterconnectedCcf) is { } ccf)
                await AnswerAsync(http, await administration.SetPeerAsync(ccf, CancellationToken.None), json.Outcome);
        }));
        application.MapGet("/peers/{ccfId}", (RequestDelegate)(async http =>
            await AnswerAsync(http, await administration.ShowPeerAsync(CcfId(http), http.RequestAborted), json.PeerReport)));
        application.MapDelete("/peers/{ccfId}", (RequestDelegate)(async http =>
            await AnswerAsync(http, await administration.RemovePeerAsync(CcfId(http), CancellationToken.None), json.Outcome)));
        application.MapPost("/peers/{ccfId}/revoked", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.PeerCertificateRevocation) is { } one)
                await AnswerAsync(http, await administration.RevokePeerCertificateAsync(CcfId(http), one.SerialNumber, CancellationToken.None), json.Outcome);
        }));
        application.MapPost("/peers/{ccfId}/policies", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.InterconnectionPolicy) is { } policy)
                await AnswerAsync(http, await administration.AllowPeerAsync(CcfId(http), policy, CancellationToken.None), json.Outcome);
        }));
        application.MapPost("/peers/{ccfId}/policies/remove", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.PeerPolicySubject) is { } subject)
                await AnswerAsync(http, await administration.DisallowPeerAsync(CcfId(http), subject, CancellationToken.None), json.Outcome);
        }));
    }

    private static string CcfId(HttpContext http) => (string)http.Request.RouteValues["ccfId"]!;
}
