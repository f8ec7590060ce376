using System.Net;
using CapifOrleans.Frontend.Enrolment;
using CapifOrleans.Testing;

namespace CapifOrleans.Frontend.Tests.Enrolment;

public class AddressLimiterTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly AddressLimiter _limiter;

    public AddressLimiterTests() => _limiter = new AddressLimiter(_time);

    [Fact]
    public void Failures_AreBounded_UntilTheirPeriodIsOver()
    {
        Fail("192.0.2.1", AddressLimiter.MostFailures);

        Assert.False(_limiter.TryBegin(IPAddress.Parse("192.0.2.1")));
        Assert.False(_limiter.TryBegin(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.True(_limiter.TryBegin(IPAddress.Parse("192.0.2.2")));
        _time.Advance(AddressLimiter.Period + TimeSpan.FromSeconds(1));
        Assert.True(_limiter.TryBegin(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void Successes_DoNotCount()
    {
        for (var attempt = 0; attempt < 10 * AddressLimiter.MostFailures; attempt++)
        {
            Assert.True(_limiter.TryBegin(IPAddress.Loopback));
            _limiter.TakeBack(IPAddress.Loopback);
        }
    }

    [Fact]
    public void AttemptsAtTheSameTime_CountFromTheirStart()
    {
        var begun = 0;
        Parallel.For(0, 100, _ =>
        {
            if (_limiter.TryBegin(IPAddress.Loopback))
                Interlocked.Increment(ref begun);
        });

        Assert.Equal(AddressLimiter.MostFailures, begun);
    }

    [Fact]
    public void Ipv6Addresses_CountByTheirNetwork()
    {
        for (var host = 1; host <= AddressLimiter.MostFailures; host++)
            Assert.True(_limiter.TryBegin(IPAddress.Parse($"2001:db8:0:1::{host}")));

        Assert.False(_limiter.TryBegin(IPAddress.Parse("2001:db8:0:1:ffff::1")));
        Assert.True(_limiter.TryBegin(IPAddress.Parse("2001:db8:0:2::1")));
    }

    private void Fail(string address, int times)
    {
        for (var time = 0; time < times; time++)
            Assert.True(_limiter.TryBegin(IPAddress.Parse(address)));
    }
}
