using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using CapifOrleans.Json;
using CapifOrleans.Security;
using Orleans;
using Orleans.Runtime;

namespace CapifOrleans.Grains.Interfaces.Tests.Contracts;

/// <summary>Every grain contract can be sent by Orleans: numbered, named, immutable, and nothing in it that Orleans does not know.</summary>
public sealed class ContractTests
{
    private static readonly Assembly Contracts = typeof(Refusal).Assembly;

    private static readonly Type[] Known =
    [
        typeof(string), typeof(bool), typeof(int), typeof(long), typeof(double), typeof(byte), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid),
        typeof(CancellationToken),
    ];

    // Scopes are texts in every contract; these are what a frontend, a grain or an AEF reads them into.
    private static readonly Type[] Values = [typeof(AccessScope), typeof(ScopeString), typeof(AefScope), typeof(ApiScope)];

    private static readonly Type[] KnownGeneric = [typeof(ImmutableArray<>), typeof(ImmutableDictionary<,>), typeof(Nullable<>)];

    public static TheoryData<string> Records => [.. Contracts.GetTypes().Where(IsContract).Select(type => type.FullName!)];

    public static TheoryData<string> GrainInterfaces => [.. Contracts.GetTypes().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)).Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Records))]
    public void Record_IsNumberedAndImmutable(string name)
    {
        var type = Contracts.GetType(name)!;
        Assert.NotNull(type.GetCustomAttribute<GenerateSerializerAttribute>());
        Assert.NotNull(type.GetCustomAttribute<AliasAttribute>());
        if (type.IsEnum)
            return;
        Assert.NotNull(type.GetCustomAttribute<ImmutableAttribute>());
        Assert.True(type.IsSealed, $"{name} is sealed");
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsStored).ToList();
        Assert.All(properties, property =>
        {
            Assert.True(property.GetCustomAttribute<IdAttribute>() is not null, $"{name}.{property.Name} has an [Id]");
            Assert.True(CanBeSent(property.PropertyType), $"{name}.{property.Name} can be sent: {property.PropertyType}");
            Assert.False(IsSettable(property), $"{name}.{property.Name} cannot be set from outside");
        });
        Assert.Equal(properties.Count, properties.Select(property => property.GetCustomAttribute<IdAttribute>()!.Id).Distinct().Count());
        Assert.DoesNotContain(type.GetFields(BindingFlags.Public | BindingFlags.Instance), field => !field.IsInitOnly);
    }

    [Fact]
    public void Aliases_AreUnique()
    {
        var aliases = Contracts.GetTypes().Select(type => type.GetCustomAttribute<AliasAttribute>()?.Alias).OfType<string>().ToList();
        Assert.Equal(aliases.Count, aliases.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [MemberData(nameof(GrainInterfaces))]
    public void GrainInterface_IsNamed_AndSendsOnlyContracts(string name)
    {
        var type = Contracts.GetType(name)!;
        Assert.NotNull(type.GetCustomAttribute<AliasAttribute>());
        var methods = type.GetMethods();
        Assert.All(methods, method =>
        {
            Assert.True(method.GetCustomAttribute<AliasAttribute>() is not null, $"{name}.{method.Name} has an [Alias]");
            Assert.True(typeof(Task).IsAssignableFrom(method.ReturnType), $"{name}.{method.Name} returns a task");
            if (method.ReturnType.IsGenericType)
                Assert.True(CanBeSent(method.ReturnType.GetGenericArguments()[0]), $"{name}.{method.Name} returns what can be sent");
            var parameters = method.GetParameters();
            Assert.All(parameters, parameter => Assert.True(CanBeSent(parameter.ParameterType), $"{name}.{method.Name}, {parameter.Name} can be sent"));
            if (!typeof(IGrainObserver).IsAssignableFrom(type))
                Assert.Equal(typeof(CancellationToken), parameters[^1].ParameterType);
        });
        Assert.Equal(methods.Length, methods.Select(method => method.GetCustomAttribute<AliasAttribute>()!.Alias).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Secrets_DoNotShow()
    {
        Assert.DoesNotContain("hidden", new CapifOrleans.Enrolment.EnrolmentPassword { Text = "hidden" }.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", new CapifOrleans.Enrolment.EnrolmentCredential { Text = "hidden" }.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "hidden",
            new CapifOrleans.Security.AccessTokenReq { GrantType = CapifOrleans.Security.AccessTokenGrantType.ClientCredentials, ClientId = "x", ClientSecret = "hidden" }.ToString(),
            StringComparison.Ordinal);
    }

    private static bool IsContract(Type type) =>
        type.IsPublic && !Values.Contains(type) && type.Namespace!.StartsWith("CapifOrleans", StringComparison.Ordinal)
        && (type.GetCustomAttribute<GenerateSerializerAttribute>() is not null || IsRecord(type) || (type.IsEnum && type != typeof(WireKind)));

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static bool IsStored(PropertyInfo property) =>
        property.GetIndexParameters().Length == 0 && (property.SetMethod is not null || property.GetCustomAttribute<IdAttribute>() is not null);

    private static bool IsSettable(PropertyInfo property) => property.SetMethod is { IsPublic: true } setter
        && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static bool CanBeSent(Type type)
    {
        if (type.IsGenericParameter || Known.Contains(type) || typeof(IAddressable).IsAssignableFrom(type))
            return true;
        if (type.IsGenericType && KnownGeneric.Contains(type.GetGenericTypeDefinition()))
            return type.GetGenericArguments().All(CanBeSent);
        return type.GetCustomAttribute<GenerateSerializerAttribute>() is not null
            && (!type.IsGenericType || type.GetGenericArguments().All(CanBeSent));
    }
}
