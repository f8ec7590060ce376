using System.Net;
using CapifOrleans.Frontend.Operations;
using CapifOrleans.Silo.Demo;

namespace CapifOrleans.EndToEnd;

/// <summary>Every row of the table of operations, over real TLS: nobody, the wrong role, and a stranger are refused before anything else.</summary>
[Collection(nameof(CoreCollection))]
public sealed class AuthorizationTests(CoreFixture core)
{
    public static TheoryData<int> Rows
    {
        get
        {
            var rows = new TheoryData<int>();
            for (var index = 0; index < OperationTable.Rows.Length; index++)
                rows.Add(index);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task WithoutCertificateOrCredential_401(int row)
    {
        var operation = OperationTable.Rows[row];
        if (operation.Authentication == CallerAuthentication.None)
        {
            using var answer = await core.SendAsync(core.Run.Nobody, HttpMethod.Get, operation.Path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return;
        }

        await CoreFixture.RefusedAsync(await SendAsync(core.Run.Nobody, operation), HttpStatusCode.Unauthorized);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task WrongRole_403(int row)
    {
        var operation = OperationTable.Rows[row];
        if (operation.Authentication != CallerAuthentication.ClientCertificate)
            return;
        foreach (var (role, party) in Parties())
        {
            if (!operation.Roles.Contains(role))
                await CoreFixture.RefusedAsync(await SendAsync(party, operation), HttpStatusCode.Forbidden);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task SomebodyElsesResource_404(int row)
    {
        var operation = OperationTable.Rows[row];
        if (operation.Authentication != CallerAuthentication.ClientCertificate || operation.Owner == OwnerRule.Anybody)
            return;
        using var invoker = await core.OnboardAsync();
        foreach (var (role, party) in Parties().Append((CallerRole.ApiInvoker, invoker)))
        {
            if (operation.Roles.Contains(role))
                await CoreFixture.RefusedAsync(await SendAsync(party, operation), HttpStatusCode.NotFound);
        }
    }

    private IEnumerable<(CallerRole Role, DemoParty Party)> Parties() =>
        [(CallerRole.Amf, core.Run.Amf), (CallerRole.Apf, core.Run.Apf), (CallerRole.Aef, core.Run.Aef)];

    // Somebody else's identifier in every place; a body that would be refused as well, were it looked at.
    private Task<HttpResponseMessage> SendAsync(DemoParty party, Operation operation)
    {
        var path = System.Text.RegularExpressions.Regex.Replace(operation.Path, "\\{[^}]*\\}", "0123456789abcdef0123456789abcdef");
        if (operation == OperationTable.DiscoverServiceApi)
            path += "?api-invoker-id=0123456789abcdef0123456789abcdef";
        if (operation == OperationTable.ObtainAccessControlPolicy || operation == OperationTable.ObtainRoutingInfo)
            path += "?aef-id=0123456789abcdef0123456789abcdef";
        return core.SendAsync(party, new HttpMethod(operation.Method), path, operation.Method is "GET" or "DELETE" ? null : "{}");
    }
}
