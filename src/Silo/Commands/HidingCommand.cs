using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using CapifOrleans.Routing;
using CapifOrleans.Silo.Administration;
using CapifOrleans.Silo.Control;

namespace CapifOrleans.Silo.Commands;

/// <summary><c>hiding set|list|remove</c>: which AEFs stand before which (23.222 8.24; docs/discovery.md).</summary>
internal static class HidingCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandContext context) => new("hiding", "Manages topology hiding: which AEF API invokers find in the place of others.")
    {
        Set(context),
        List(context),
        Remove(context),
    };

    private static Command Set(CommandContext context)
    {
        var (api, aef) = Subject();
        var by = new Option<string>("--by") { Description = "The AEF that hides them: the entry point of invocations.", HelpName = "aefId", Required = true };
        var interfaces = new Option<string[]>("--interface")
        {
            Description = "Where it is invoked, as gateway.example.net:443/prefix, 192.0.2.1:443 or [2001:db8::1]:443; may be repeated.",
            HelpName = "host[:port][/prefix]",
        };
        var domainName = new Option<string?>("--domain-name") { Description = "Where it is invoked, in place of interfaces.", HelpName = "name" };
        var methods = new Option<string[]>("--security-method") { Description = "A security method of it: PSK, PKI or OAUTH; may be repeated.", HelpName = "method", Required = true };
        var sources = new Option<string[]>("--source")
        {
            Description = "Source addresses of the invocations that go to the hidden AEFs, as 10.0.0.0/8, 10.0.0.1-10.0.0.9 or 2001:db8::/32; may be "
                + "repeated. Without it, from anywhere.",
            HelpName = "addresses",
        };
        var command = new Command("set", "Hides AEFs behind another, in place of what was set for the same service API and AEF.")
        {
            api, aef, by, interfaces, domainName, methods, sources,
        };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var given = parsed.GetValue(sources) ?? [];
            var rule = new TopologyHidingRule
            {
                ApiId = parsed.GetValue(api),
                AefId = parsed.GetValue(aef),
                HidingAefId = parsed.GetRequiredValue(by),
                InterfaceDescriptions = Each(parsed.GetValue(interfaces) ?? [], HidingText.Interface),
                DomainName = parsed.GetValue(domainName),
                SecurityMethods = [.. (parsed.GetValue(methods) ?? []).Select(HidingText.SecurityMethod)],
                Ipv4AddrRanges = Each(given.Where(source => !HidingText.IsIpv6(source)), HidingText.Ipv4Range),
                Ipv6AddrRanges = Each(given.Where(HidingText.IsIpv6), HidingText.Ipv6Range),
            };
            var outcome = await context.AdministerAsync(context.Options(parsed), core => core.SetHidingAsync(rule, cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists what is hidden, a JSON object a line.");
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            foreach (var rule in await context.AdministerAsync(context.Options(parsed), core => core.ListHidingsAsync(cancellationToken), cancellationToken))
                await context.Output.WriteLineAsync(JsonSerializer.Serialize(rule, ControlJson.Lines.TopologyHidingRule));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Remove(CommandContext context)
    {
        var (api, aef) = Subject();
        var command = new Command("remove", "Hides them no longer.") { api, aef };
        context.Settings.AddDataFolderTo(command);
        command.SetAction(context.Action(async (parsed, cancellationToken) =>
        {
            var subject = new HiddenSubject { ApiId = parsed.GetValue(api), AefId = parsed.GetValue(aef) };
            var outcome = await context.AdministerAsync(context.Options(parsed), core => core.RemoveHidingAsync(subject, cancellationToken), cancellationToken);
            return outcome.Refusal is { } refusal ? await context.RefusedAsync(refusal) : ExitCodes.Done;
        }));
        return command;
    }

    private static (Option<string?> Api, Option<string?> Aef) Subject() => (
        new Option<string?>("--api") { Description = "The service API; without it, all that the hidden AEF exposes.", HelpName = "apiId" },
        new Option<string?>("--aef") { Description = "The AEF that is hidden; without it, all that expose the service API.", HelpName = "aefId" });

    private static ImmutableArray<T>? Each<T>(IEnumerable<string> texts, Func<string, T> read)
    {
        ImmutableArray<T> all = [.. texts.Select(read)];
        return all.IsEmpty ? null : all;
    }
}
