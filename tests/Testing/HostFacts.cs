using Xunit;

namespace CapifOrleans.Testing;

/// <summary>
/// A fact about a host whose timers, reminders and timeouts run within the test's moving of its clock: skipped on Orleans, which runs them
/// beside it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ManualTimeFactAttribute : FactAttribute
{
    internal const string OrleansDoes = "Orleans runs what falls due beside the test that moves the clock, and idle collection and timeouts by a clock of its own.";

    /// <summary>Makes it.</summary>
    public ManualTimeFactAttribute() => Skip = TestGrainHost.IsEmbedded ? null : OrleansDoes;
}

/// <summary>As <see cref="ManualTimeFactAttribute"/>, for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ManualTimeTheoryAttribute : TheoryAttribute
{
    /// <summary>Makes it.</summary>
    public ManualTimeTheoryAttribute() => Skip = TestGrainHost.IsEmbedded ? null : ManualTimeFactAttribute.OrleansDoes;
}

/// <summary>A fact of the embedded host alone; what Orleans does there is said instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EmbeddedFactAttribute : FactAttribute
{
    /// <summary>Makes it.</summary>
    /// <param name="orleansDoes">What Orleans does instead.</param>
    public EmbeddedFactAttribute(string orleansDoes) => Skip = TestGrainHost.IsEmbedded ? null : orleansDoes;
}
