using System.Buffers;

namespace CapifOrleans.Silo.Logging;

/// <summary>
/// Writes lines to a stream on a thread of its own. Whoever logs only copies its line into a buffer; the first line after a pause goes out at
/// once, those that follow it within milliseconds and together: a thread woken for each line would cost a token more than its audit line.
/// When the reader at the other end is slower than the log for long, whoever logs waits: no audit line is dropped.
/// </summary>
internal sealed class LineWriter : IDisposable
{
    private const int MostBuffered = 8 * 1024 * 1024;
    private const int Plenty = 256 * 1024;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    private readonly Stream _stream;
    private readonly Thread _thread;
    private readonly object _lock = new();
    private ArrayBufferWriter<byte> _filling = new(64 * 1024);
    private ArrayBufferWriter<byte> _writing = new(64 * 1024);
    private bool _isIdle;
    private bool _closed;

    /// <summary>Starts the thread.</summary>
    public LineWriter(Stream stream)
    {
        _stream = stream;
        _thread = new Thread(Run) { IsBackground = true, Name = "Log" };
        _thread.Start();
    }

    /// <summary>Adds a line; the line break is added to it.</summary>
    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            while (_filling.WrittenCount > MostBuffered && !_closed)
                Monitor.Wait(_lock);
            if (_closed)
                return;
            _filling.Write(line);
            _filling.Write("\n"u8);
            if (_isIdle || _filling.WrittenCount > Plenty)
                Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Writes what is left and ends the thread.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }

        _thread.Join();
    }

    private void Run()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_filling.WrittenCount <= Plenty && !_closed)
                    Monitor.Wait(_lock, Gathering);
                _isIdle = true;
                while (_filling.WrittenCount == 0 && !_closed)
                    Monitor.Wait(_lock);
                _isIdle = false;
                if (_filling.WrittenCount == 0)
                    return;
                (_filling, _writing) = (_writing, _filling);
                Monitor.PulseAll(_lock);
            }

            try
            {
                _stream.Write(_writing.WrittenSpan);
                _stream.Flush();
            }
            catch (IOException)
            {
                // Nobody reads the log any more; the core function goes on.
            }

            _writing.ResetWrittenCount();
        }
    }
}
