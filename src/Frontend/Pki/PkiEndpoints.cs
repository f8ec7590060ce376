using CapifOrleans.Frontend.Http;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Pki;

namespace CapifOrleans.Frontend.Pki;

/// <summary>What others need to trust this core function: its revocation list and the keys of its tokens.</summary>
internal static class PkiEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, Func<ReadOnlyMemory<byte>> tokenKeys)
    {
        endpoints.MapOperation(OperationTable.GetCertificateRevocationList, GetCrlAsync);
        endpoints.MapOperation(
            OperationTable.GetTokenKeys,
            context => Answer.BytesAsync(context.Http, StatusCodes.Status200OK, "application/jwk-set+json", tokenKeys()));
    }

    private static async Task GetCrlAsync(OperationContext context)
    {
        var crl = await context.Grains.GetGrain<ICertificateAuthorityGrain>("issuing").GetCrlAsync(context.ClientGone);
        await Answer.BytesAsync(context.Http, StatusCodes.Status200OK, "application/pkix-crl", crl.AsMemory());
    }
}
