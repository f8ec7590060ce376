using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CapifOrleans.Interconnection;

namespace CapifOrleans.Grains.Pki;

/// <summary>
/// The files of the certification authority: <c>root.pem</c>, <c>root.key</c>, <c>issuing.pem</c>, <c>issuing.key</c>, <c>server.pem</c>,
/// <c>server.key</c>, those of interconnection, those of <see cref="TokenKeyStore"/>, and <c>trusted-issuers/*.pem</c> and <c>notification-issuers/*.pem</c>. The first start makes what is missing. An operator's own
/// authority replaces <c>root.pem</c>, <c>issuing.pem</c> and <c>issuing.key</c>; its root key need not be here.
/// </summary>
public sealed class CertificateAuthorityStore : IDisposable
{
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RootValidity = TimeSpan.FromDays(20 * 365);
    private static readonly TimeSpan IssuingValidity = TimeSpan.FromDays(10 * 365);
    private readonly PkiOptions _options;
    private readonly string _keyEncryptionKey;
    private readonly TimeProvider _time;

    /// <summary>Opens the folder, or makes it.</summary>
    /// <exception cref="PkiException">Something in it cannot be used.</exception>
    public CertificateAuthorityStore(PkiOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(options.Folder);
        else
            Directory.CreateDirectory(options.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _keyEncryptionKey = KeyFile.KeyEncryptionKey(options);
        if (!File.Exists(In("issuing.pem")))
            Create();
        Root = ReadCertificate("root.pem");
        Issuing = ReadCertificate("issuing.pem");
        IssuingKey = KeyFile.Read(In("issuing.key"), _keyEncryptionKey);
        TrustedIssuers = ReadIssuers("trusted-issuers");
        NotificationIssuers = ReadIssuers("notification-issuers");
        Check();
        TokenKeys = new TokenKeyStore(options, _keyEncryptionKey, time.GetUtcNow());
    }

    /// <summary>The root certificate.</summary>
    public X509Certificate2 Root { get; }

    /// <summary>The issuing certificate.</summary>
    public X509Certificate2 Issuing { get; }

    /// <summary>Issuers of third parties' certificates that the operator trusts.</summary>
    public X509Certificate2Collection TrustedIssuers { get; }

    /// <summary>Issuers of the certificates of notification receivers that the operator trusts, besides the system's.</summary>
    public X509Certificate2Collection NotificationIssuers { get; }

    /// <summary>The issuing certificate's private key.</summary>
    internal ECDsa IssuingKey { get; }

    /// <summary>The keys that sign tokens.</summary>
    internal TokenKeyStore TokenKeys { get; }

    /// <summary>This core function's identifier: of its root's public key, so that it is the same on every silo and as lasting as its authority.</summary>
    public static string CcfIdOf(X509Certificate2 root) =>
        "CCF" + Convert.ToHexStringLower(SHA256.HashData(root.PublicKey.ExportSubjectPublicKeyInfo()))[..32];

    /// <summary>Where the root certificate lies.</summary>
    public string RootFile => In("root.pem");

    /// <summary>
    /// The listeners' certificate with its key: the one in the folder, or a new one where its names are not those of the options, or less
    /// than a third of its life is left.
    /// </summary>
    public X509Certificate2 ServerCertificate(ICertificateIssuer issuer) => Own(
        "server", known => HasNames(known, []), (key, serialNumber) => issuer.IssueServer(_options.Hosts, key, serialNumber));

    /// <summary>
    /// What this core function presents to others (CAPIF-6): <c>interconnection.pem</c> and <c>.key</c>, by the same rules, with a name that has its
    /// ccfId.
    /// </summary>
    public X509Certificate2 CoreFunctionCertificate(ICertificateIssuer issuer, string ccfId) => Own(
        "interconnection", known => HasNames(known, [InterconnectedCcf.UrnOf(ccfId)]),
        (key, serialNumber) => issuer.IssueCoreFunction(ccfId, _options.Hosts, key, serialNumber));

    private X509Certificate2 Own(string name, Func<X509Certificate2, bool> hasNames, Func<PublicKey, string, IssuedCertificate> issue)
    {
        if (File.Exists(In(name + ".pem")) && File.Exists(In(name + ".key")))
        {
            using var known = ReadCertificate(name + ".pem");
            using var itsKey = KeyFile.Read(In(name + ".key"), _keyEncryptionKey);
            if (IsStillGood(known) && hasNames(known) && IsKeyOf(itsKey, known))
                return known.CopyWithPrivateKey(itsKey);
        }

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issued = issue(new PublicKey(key), SerialNumber.NewRandom());
        KeyFile.Write(In(name + ".key"), key, _keyEncryptionKey);
        KeyFile.WriteText(In(name + ".pem"), issued.Pem, secret: false);
        using var made = ReadCertificate(name + ".pem");
        return made.CopyWithPrivateKey(key);
    }

    /// <summary>The keys that sign tokens, as the folder has them now.</summary>
    internal TokenKeyStore ReadTokenKeys() => new(_options, _keyEncryptionKey, _time.GetUtcNow());

    /// <inheritdoc/>
    public void Dispose()
    {
        IssuingKey.Dispose();
        Root.Dispose();
        Issuing.Dispose();
    }

    private bool IsStillGood(X509Certificate2 own)
    {
        var life = own.NotAfter - own.NotBefore;
        return _time.GetUtcNow().UtcDateTime < own.NotAfter.ToUniversalTime() - (life / 3) && IsIssuedByCurrentKey(own);
    }

    private bool HasNames(X509Certificate2 own, string[] uris)
    {
        var addresses = own.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateIPAddresses().Select(address => address.ToString());
        var given = CertificateNames.Read(own).Concat(addresses);
        return given.Order(StringComparer.Ordinal).SequenceEqual(_options.Hosts.Concat(uris).Order(StringComparer.Ordinal));
    }

    // By key, not by name: a new authority may have the name of the one that it replaces.
    private bool IsIssuedByCurrentKey(X509Certificate2 server) =>
        server.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().SingleOrDefault()?.KeyIdentifier is { } issuer
        && issuer.Span.SequenceEqual(Issuing.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.Span);

    // They differ where the process ended between the writing of the one file and of the other.
    private static bool IsKeyOf(ECDsa key, X509Certificate2 certificate) =>
        certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());

    private void Create()
    {
        // What an interrupted first start left has our root key, and is made anew. An operator's own files have none: never write over them.
        if (!File.Exists(In("root.key")) && (File.Exists(In("root.pem")) || File.Exists(In("issuing.key"))))
            throw new PkiException($"{In("issuing.pem")} is missing: put the issuing certificate there, with root.pem and issuing.key.");
        var now = _time.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = CertificateProfile.Authority("CapifOrleans Root CA", rootKey, pathLength: null)
            .CreateSelfSigned(now - Slack, now + RootValidity);
        using var issuingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = CertificateProfile.Authority("CapifOrleans Issuing CA", issuingKey, pathLength: 0);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        using var issuing = request.Create(root, now - Slack, now + IssuingValidity, Convert.FromHexString(SerialNumber.NewRandom()));
        KeyFile.Write(In("root.key"), rootKey, _keyEncryptionKey);
        KeyFile.WriteText(In("root.pem"), root.ExportCertificatePem() + "\n", secret: false);
        KeyFile.Write(In("issuing.key"), issuingKey, _keyEncryptionKey);
        // Last: its presence says that the authority is whole.
        KeyFile.WriteText(In("issuing.pem"), issuing.ExportCertificatePem() + "\n", secret: false);
    }

    private void Check()
    {
        if (!IsKeyOf(IssuingKey, Issuing))
            throw new PkiException($"{In("issuing.key")} is not the key of {In("issuing.pem")}.");
        if (!Issuing.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority)
            || !Issuing.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any())
        {
            throw new PkiException($"{In("issuing.pem")} is not a certificate of a certification authority (CA:TRUE) with a subject key identifier.");
        }

        if (_time.GetUtcNow() >= Issuing.NotAfter)
            throw new PkiException($"{In("issuing.pem")} expired on {Issuing.NotAfter:u}; put a new issuing certificate there.");
        using var chain = new X509Chain
        {
            ChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { Root },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = _time.GetUtcNow().UtcDateTime,
            },
        };
        if (!chain.Build(Issuing))
            throw new PkiException($"{In("issuing.pem")} does not chain to {In("root.pem")}: {chain.ChainStatus[0].StatusInformation.Trim()}");
    }

    private X509Certificate2 ReadCertificate(string name)
    {
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(In(name)));
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new PkiException($"The certificate {In(name)} cannot be read.", fault);
        }
    }

    private X509Certificate2Collection ReadIssuers(string folder)
    {
        var found = new X509Certificate2Collection();
        if (!Directory.Exists(In(folder)))
            return found;
        foreach (var file in Directory.EnumerateFiles(In(folder), "*.pem"))
        {
            try
            {
                found.ImportFromPemFile(file);
            }
            catch (CryptographicException fault)
            {
                throw new PkiException($"The trusted issuer {file} cannot be read.", fault);
            }
        }

        return found;
    }

    private string In(string name) => Path.Combine(_options.Folder, name);
}
