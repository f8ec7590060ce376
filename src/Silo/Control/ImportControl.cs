using CapifOrleans.Silo.Administration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CapifOrleans.Silo.Control;

internal sealed partial class ControlClient
{
    /// <inheritdoc/>
    public Task<Outcome<ImportedServiceApi>> ImportServiceApiAsync(ServiceApiImport import, CancellationToken cancellationToken) =>
        PostAsync("imports", import, ControlJson.Default.ServiceApiImport, ControlJson.Default.OutcomeImportedServiceApi, cancellationToken);
}

internal static partial class ControlListener
{
    private static void MapImports(WebApplication application, IAdministration administration)
    {
        var json = ControlJson.Default;
        application.MapPost("/imports", (RequestDelegate)(async http =>
        {
            if (await ReadAsync(http, json.ServiceApiImport) is { } import)
                await AnswerAsync(http, await administration.ImportServiceApiAsync(import, CancellationToken.None), json.OutcomeImportedServiceApi);
        }));
    }
}
