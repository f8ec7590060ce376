using CapifOrleans.EndToEnd.Exposure;

namespace CapifOrleans.EndToEnd;

/// <summary>TS 33.210 6.2 on each listener that a stranger can reach, tried with openssl itself: both TLS versions, and nothing that is weak.</summary>
[Collection(nameof(AefCollection))]
public sealed class ListenerProfileTests(AefFixture aef)
{
    public static TheoryData<string, string, bool> Cases()
    {
        (string Options, bool Succeeds)[] cases =
        [
            ("-tls1_3", true),
            ("-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256", true),
            ("-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384", true),
            ("-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256", false),
            ("-tls1_2", true),
            ("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", true),
            ("-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384", true),
            ("-tls1_2 -groups P-256", true),
            // Older versions, offered by a client that would take anything.
            ("-tls1_1 -cipher ALL@SECLEVEL=0", false),
            ("-tls1 -cipher ALL@SECLEVEL=0", false),
            // No CBC, no SHA-1, no static RSA, no anonymous peers, no encryption that is none.
            ("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384@SECLEVEL=0", false),
            ("-tls1_2 -cipher AES128-GCM-SHA256:AES128-SHA:AES256-SHA256@SECLEVEL=0", false),
            ("-tls1_2 -cipher aNULL@SECLEVEL=0", false),
            ("-tls1_2 -cipher eNULL@SECLEVEL=0", false),
            ("-tls1_2 -cipher ALL@SECLEVEL=0 -sigalgs ECDSA+SHA1", false),
            ("-tls1_2 -cipher ALL@SECLEVEL=0 -groups P-224", false),
        ];
        var data = new TheoryData<string, string, bool>();
        foreach (var listener in new[] { "core", "enrolment", "exposure" })
        {
            foreach (var (options, succeeds) in cases)
                data.Add(listener, options, succeeds);
        }

        // PSK without forward secrecy, or with CBC, is refused where keys are taken (33.122 6.5.2.1).
        data.Add("exposure", "-tls1_2 -psk 00112233445566778899aabbccddeeff -cipher PSK-AES128-GCM-SHA256:PSK-AES128-CBC-SHA256:ECDHE-PSK-AES128-CBC-SHA256:RSA-PSK-AES128-GCM-SHA256@SECLEVEL=0", false);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Listener_SpeaksTheProfileOnly_33210_6_2(string listener, string options, bool succeeds)
    {
        var (exit, output) = await OpenSsl.RunAsync(
            $"s_client -connect 127.0.0.1:{Port(listener)} -servername localhost -CAfile {aef.Core.Core.RootFile} -verify_return_error {options}");
        Assert.DoesNotContain("Error with command", output, StringComparison.Ordinal);
        Assert.True(succeeds == (exit == 0), output);
        Assert.Equal(succeeds, output.Contains("Verify return code: 0 (ok)", StringComparison.Ordinal) && !output.Contains("Cipher is (NONE)", StringComparison.Ordinal));
        if (succeeds)
            Assert.DoesNotContain("Compression: zlib", output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("core", "h2,http/1.1", "h2")]
    [InlineData("core", "http/1.1", "http/1.1")]
    [InlineData("enrolment", "h2,http/1.1", "h2")]
    [InlineData("exposure", "h2,http/1.1", "h2")]
    [InlineData("exposure", "http/1.1", "http/1.1")]
    public async Task Alpn_PrefersHttp2_29222_7_3(string listener, string offered, string chosen)
    {
        foreach (var version in new[] { "-tls1_2", "-tls1_3" })
        {
            var (_, output) = await OpenSsl.RunAsync($"s_client -connect 127.0.0.1:{Port(listener)} -servername localhost -CAfile {aef.Core.Core.RootFile} -alpn {offered} {version}");
            Assert.Contains($"ALPN protocol: {chosen}\n", output, StringComparison.Ordinal);
        }
    }

    private int Port(string listener) => listener switch
    {
        "core" => aef.Core.Target.Core.Port,
        "enrolment" => aef.Core.Target.Enrolment.Port,
        _ => aef.Aef.Port,
    };
}
