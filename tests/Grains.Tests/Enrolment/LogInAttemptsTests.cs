using CapifOrleans.Grains.Enrolment;
using CapifOrleans.Testing;

namespace CapifOrleans.Grains.Tests.Enrolment;

public class LogInAttemptsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void FewFailures_LockNothing()
    {
        var attempts = Failed(LogInAttempts.FreeFailures - 1);

        Assert.Null(attempts.LockedFor);
    }

    [Fact]
    public void FurtherFailures_LockForTwiceAsLongEach_UpToAQuarterOfAnHour()
    {
        var attempts = Failed(LogInAttempts.FreeFailures - 1);
        var locks = new List<double>();
        for (var failure = 0; failure < 9; failure++)
        {
            attempts.Failed();
            locks.Add(attempts.LockedFor!.Value.TotalSeconds);
            _time.Advance(attempts.LockedFor.Value);
            Assert.Null(attempts.LockedFor);
        }

        Assert.Equal([15, 30, 60, 120, 240, 480, 900, 900, 900], locks);
    }

    [Fact]
    public void Success_ForgetsFailures()
    {
        var attempts = Failed(LogInAttempts.FreeFailures - 1);
        attempts.Succeeded();
        attempts.Failed();

        Assert.Null(attempts.LockedFor);
    }

    [Fact]
    public void OldFailures_AreForgotten()
    {
        var attempts = Failed(LogInAttempts.FreeFailures - 1);
        _time.Advance(TimeSpan.FromHours(2));
        attempts.Failed();

        Assert.Null(attempts.LockedFor);
    }

    private LogInAttempts Failed(int times)
    {
        var attempts = new LogInAttempts(_time);
        for (var time = 0; time < times; time++)
            attempts.Failed();
        return attempts;
    }
}
