using System.CommandLine;
using System.Text.Json;
using CapifOrleans.Interconnection;
using CapifOrleans.Silo.Control;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>peer add|list|show|remove|revoke|allow|disallow</c>: the core functions that this one is interconnected with (CAPIF-6, 6e).</summary>
internal static partial class PeerCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("peer", "Manages interconnected core functions (CAPIF-6/6e).")
    {
        Add(context),
        List(context),
        Show(context),
        Remove(context),
        Revoke(context),
        Allow(context),
        Disallow(context),
    };

    private static Command Add(CommandContext context)
    {
        var ccfId = CcfId();
        var address = new Option<string>("--address") { Required = true, HelpName = "address", Description = "Its interconnection listener, as https://ccf.example:8446." };
        var anchor = new Option<string>("--trust-anchor") { Required = true, HelpName = "file", Description = "PEM file with the root certificate to which its certificate chains." };
        var domains = new Option<string[]>("--domain") { Required = true, HelpName = "name", Description = "A CAPIF provider domain of its; may be repeated." };
        var name = new Option<string?>("--certificate-name")
        {
            HelpName = "name",
            Description = "URI or DNS name that its certificate must have; without it, urn:capif:core-function: and its ccfId.",
        };
        var command = new Command("add", "Adds a peer, or changes what is known of it.") { ccfId, address, anchor, domains, name };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var ccf = new InterconnectedCcf
            {
                CcfId = parsed.GetRequiredValue(ccfId),
                Address = parsed.GetRequiredValue(address),
                TrustAnchors = Read(parsed.GetRequiredValue(anchor)),
                CapifProvDoms = [.. parsed.GetRequiredValue(domains)],
                CertificateName = parsed.GetValue(name),
            };
            var outcome = await context.AdministerAsync(options, core => core.SetPeerAsync(ccf, cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists the peers: ccfId, address, domains.");
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            foreach (var one in await context.AdministerAsync(options, core => core.ListPeersAsync(cancellationToken), cancellationToken))
                await context.Output.WriteLineAsync($"{one.CcfId} {one.Address} {string.Join(',', one.CapifProvDoms)}");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Show(CommandContext context)
    {
        var ccfId = CcfId();
        var command = new Command("show", "Shows all about a peer as JSON: what it may use, what it has of us, what waits for it.") { ccfId };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var report = await context.AdministerAsync(
                options, core => core.ShowPeerAsync(parsed.GetRequiredValue(ccfId), cancellationToken), cancellationToken);
            if (report.Peer is null)
                return await context.RefusedAsync(Refusal.NotFound("There is no such core function among the peers."));
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(report.Peer, ControlJson.Lines.InterconnectedCcfReport));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Remove(CommandContext context)
    {
        var ccfId = CcfId();
        var command = new Command("remove", "Removes a peer, its service APIs here and all authorizations of its API invokers.") { ccfId };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var outcome = await context.AdministerAsync(
                options, core => core.RemovePeerAsync(parsed.GetRequiredValue(ccfId), cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Command Revoke(CommandContext context)
    {
        var ccfId = CcfId();
        var serial = new Argument<string>("serial-number") { Description = "The serial number, hexadecimal." };
        var command = new Command("revoke", "Refuses a certificate of a peer's from now on, as its operator asks for when a key was lost.") { ccfId, serial };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var options = context.Options(parsed);
            var outcome = await context.AdministerAsync(
                options,
                core => core.RevokePeerCertificateAsync(parsed.GetRequiredValue(ccfId), parsed.GetRequiredValue(serial), cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Argument<string> CcfId() => new("ccf-id") { Description = "The peer's identifier." };

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartFailure($"--trust-anchor {file}: cannot be read ({fault.Message}).", fault);
        }
    }
}
