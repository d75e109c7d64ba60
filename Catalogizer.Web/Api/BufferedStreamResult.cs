using System.Buffers;
using System.IO.Pipelines;

namespace Catalogizer.Web.Api;

/// <summary>
/// Sends the bytes of a result in large pieces: the framework copies a stream in pieces of 64 KiB and flushes each of them, which
/// costs more than sending the bytes.
/// </summary>
internal sealed class BufferedStreamResult(IResult inner, TimeProvider time) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, body) = (httpContext.Response, httpContext.Response.Body);
        await using var buffering = new BufferingStream(response.BodyWriter, time);
        response.Body = buffering;
        try
        {
            await inner.ExecuteAsync(httpContext);
            await buffering.FlushAsync(httpContext.RequestAborted);
        }
        finally
        {
            response.Body = body;
        }
    }

    /// <summary>Sends the first bytes at once, later ones at <see cref="FlushThresholdBytes"/> or <see cref="FlushInterval"/> after the last flush.</summary>
    private sealed class BufferingStream(PipeWriter writer, TimeProvider time) : Stream
    {
        private const int FlushThresholdBytes = 512 * 1024;
        private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(100);

        private int _bufferedBytes;
        private long _flushedAt;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            writer.Write(buffer.Span);
            _bufferedBytes += buffer.Length;
            if (_bufferedBytes >= FlushThresholdBytes || _flushedAt == 0 || time.GetElapsedTime(_flushedAt) > FlushInterval)
            {
                await FlushAsync(cancellationToken);
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (_bufferedBytes > 0)
            {
                await writer.FlushAsync(cancellationToken);
                (_bufferedBytes, _flushedAt) = (0, time.GetTimestamp());
            }
        }

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
