using System.Text;
using CapifOrleans.Json;
using CapifOrleans.ProviderManagement;
using CapifOrleans.Publish;

namespace CapifOrleans.Silo.Administration;

internal sealed partial class GrainAdministration
{
    /// <inheritdoc/>
    public async Task<Outcome<ImportedServiceApi>> ImportServiceApiAsync(ServiceApiImport import, CancellationToken cancellationToken)
    {
        if (!WireValidator.TryRead<ServiceApiDescription>(Encoding.UTF8.GetBytes(import.Description), out var description, out var refusal))
            return refusal;
        if (await grains.GetGrain<IProviderFunctionGrain>(import.ApfId).GetAsync(cancellationToken) is not { Role: CallerRole.Apf } function)
            return Refusal.OfAttribute("apfId", $"{import.ApfId} is no APF that is registered here", ErrorKind.NotFound, "APF_NOT_FOUND");
        var apf = new CallerIdentity { Role = CallerRole.Apf, Id = import.ApfId, ApiProvDomId = function.ApiProvDomId };
        var outcome = await grains.GetGrain<IServicePublisherGrain>(import.ApfId).PublishAsync(apf, description, CancellationToken.None);
        return outcome.TryGet(out var published, out refusal) ? new ImportedServiceApi { ApiId = published.ApiId! } : refusal;
    }
}
