using System.Reflection;
using CapifOrleans.Compatibility;
using CapifOrleans.Frontend.Operations;

namespace CapifOrleans.Silo.Tests.Compatibility;

/// <summary>The compatibility profile is documented item by item, and leaves no operation out.</summary>
public sealed class ProfileTests
{
    private static IEnumerable<PropertyInfo> Items => typeof(CompatibilityProfile)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.Name != nameof(CompatibilityProfile.Name));

    [Fact]
    public void Document_HasARowForEveryItem_AndNoOther()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CapifOrleans.sln")))
            folder = folder.Parent!;
        var documented = File.ReadLines(Path.Combine(folder.FullName, "docs", "compatibility.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal) && !line.StartsWith("| `GET", StringComparison.Ordinal)
                && !line.StartsWith("| `POST", StringComparison.Ordinal) && !line.StartsWith("| `refresh", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

        Assert.Equal(Items.Select(one => one.Name).Order(), documented.Order());
    }

    [Fact]
    public void Standard_SetsNothing_AndOpenCapif_Everything()
    {
        Assert.All(Items, item =>
        {
            Assert.True(IsUnset(item.GetValue(CompatibilityProfile.Standard)), $"{item.Name} is the standard's");
            Assert.False(IsUnset(item.GetValue(CompatibilityProfile.OpenCapif)), $"{item.Name} is OpenCAPIF's");
        });
    }

    [Fact]
    public void OpenCapif_KnowsEveryOperationWithCertificate_AndNoOther()
    {
        var rows = OperationTable.Rows.Where(one => one.Authentication == CallerAuthentication.ClientCertificate).Select(one => one.Name).Distinct();

        Assert.Equal(rows.Order(StringComparer.Ordinal), CompatibilityProfile.OpenCapif.Operations.Keys.Order(StringComparer.Ordinal));
    }

    private static bool IsUnset(object? value) => value is null or false or System.Collections.ICollection { Count: 0 };
}
