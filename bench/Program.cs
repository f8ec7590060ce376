using CapifOrleans.Bench;

if (args is ["bare", var pkiFolder])
{
    await BareServer.RunAsync(pkiFolder);
    return 0;
}

if (args is ["core", var coreFolder])
{
    await CoreHost.RunAsync(coreFolder);
    return 0;
}

if (args is ["compat", .. var contract])
    return await ContractLife.RunAsync(contract);

var isAudit = args is ["audit", ..];
var options = BenchOptions.Parse(isAudit ? args.AsSpan(1) : args);
var folder = Directory.CreateTempSubdirectory("capif-bench-");
try
{
    if (isAudit)
        await Auditing.RunAsync(folder.FullName, options.Entries);
    else
        await new BenchRun(options, folder.FullName).RunAsync();
    return 0;
}
finally
{
    folder.Delete(recursive: true);
}
