using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Client;

namespace CapifOrleans.EndToEnd.Client;

/// <summary>What the README shows of the client library, word for word, so that it cannot rot: <see cref="LifeInTenLinesTests"/>.</summary>
internal static class LifeInTenLines
{
    internal static async Task<string> RunAsync(string rootPem, Uri enrolmentListener, string password, string stateFile)
    {
        // README: begin
        X509Certificate2Collection roots = [X509Certificate2.CreateFromPem(rootPem)];
        var enrolment = await EnrolmentInformation.FetchAsync(enrolmentListener, roots, "tester", password);
        var options = new ApiInvokerOptions { NotificationDestination = new Uri("https://acme.example/capif"), StateFile = stateFile };
        using var invoker = await ApiInvoker.OnboardAsync(enrolment, options);
        var found = await invoker.DiscoverAsync(new DiscoveryFilter { ApiName = "location" });
        using var http = invoker.CreateClient(found[0]);
        var answer = await http.GetStringAsync("things");
        await invoker.OffboardAsync();
        // README: end
        return answer;
    }
}
