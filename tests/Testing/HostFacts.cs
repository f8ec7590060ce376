using Xunit;

namespace CapifOrleans.Testing;

/// <summary>A fact of a grain host that lives by the test's clock: skipped where the host keeps its own time, as Orleans does.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ManualTimeFactAttribute : FactAttribute
{
    /// <summary>Makes it.</summary>
    public ManualTimeFactAttribute() => Skip = TestGrainHost.FollowsManualTime ? null : TestGrainHost.KeepsItsOwnTime;
}

/// <summary>As <see cref="ManualTimeFactAttribute"/>, for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ManualTimeTheoryAttribute : TheoryAttribute
{
    /// <summary>Makes it.</summary>
    public ManualTimeTheoryAttribute() => Skip = TestGrainHost.FollowsManualTime ? null : TestGrainHost.KeepsItsOwnTime;
}

/// <summary>A fact of the embedded host alone; what Orleans does there is said instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EmbeddedFactAttribute : FactAttribute
{
    /// <summary>Makes it.</summary>
    /// <param name="orleansDoes">What Orleans does instead.</param>
    public EmbeddedFactAttribute(string orleansDoes) => Skip = TestGrainHost.FollowsManualTime ? null : orleansDoes;
}
