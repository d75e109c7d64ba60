using System.Buffers;
using System.IO.Pipelines;

namespace Catalogizer.Web.Api;

/// <summary>
/// A result whose bytes go out in large pieces: the framework copies a stream in pieces of 64 KiB and sends each of them, which
/// costs more than the bytes do.
/// </summary>
internal sealed class GatheredResult(IResult inner, TimeProvider time) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, body) = (httpContext.Response, httpContext.Response.Body);
        await using var gathering = new Gathering(response.BodyWriter, time);
        response.Body = gathering;
        try
        {
            await inner.ExecuteAsync(httpContext);
            await gathering.FlushAsync(httpContext.RequestAborted);
        }
        finally
        {
            response.Body = body;
        }
    }

    /// <summary>Sends the first bytes at once, the others when there are enough of them or the last were sent a while ago.</summary>
    private sealed class Gathering(PipeWriter to, TimeProvider time) : Stream
    {
        private const int Enough = 512 * 1024;
        private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(100);

        private int _gathered;
        private long _sentAt;

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
            to.Write(buffer.Span);
            _gathered += buffer.Length;
            if (_gathered >= Enough || _sentAt == 0 || time.GetElapsedTime(_sentAt) > AWhile)
            {
                await FlushAsync(cancellationToken);
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (_gathered > 0)
            {
                await to.FlushAsync(cancellationToken);
                (_gathered, _sentAt) = (0, time.GetTimestamp());
            }
        }

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
