namespace CapifOrleans.Silo.Demo;

/// <summary>Something that the demonstration checked did not hold; the text says what was expected and what came.</summary>
internal sealed class DemoFailure(string message) : Exception(message)
{
    /// <summary>Fails unless the condition holds.</summary>
    public static void Unless(bool condition, string expectation)
    {
        if (!condition)
            throw new DemoFailure(expectation);
    }
}
