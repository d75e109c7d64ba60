// Signatures of services that are being written elsewhere; this file is replaced when the branches meet.
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
#pragma warning disable CA1822, CA1801, IDE0060

namespace Catalogizer.Domain.Media
{
    public sealed class MediaService
    {
        public Task<Result<MediaPage>> PageAsync(Actor actor, MediaQuery query, CancellationToken cancellation) => throw new NotSupportedException();
        /// rows start .. start+count-1 of the query's order (for virtualised lists; any depth is cheap)
        public Task<IReadOnlyList<MediaSummary>> WindowAsync(Actor actor, MediaQuery query, int start, int count, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<IReadOnlyList<MediaSummary>> SuggestAsync(Actor actor, string typed, int limit, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<MediaDetail>> GetAsync(Actor actor, long id, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<IReadOnlyList<MediaVersion>>> VersionsAsync(Actor actor, long id, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<IReadOnlyList<MediaSummary>>> ChildrenAsync(Actor actor, long id, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<IReadOnlyList<MediaEvent>>> HistoryAsync(Actor actor, long id, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<MediaDetail>> EditAsync(Actor actor, long id, MediaEdits edits, CancellationToken cancellation) => throw new NotSupportedException();
        /// what the detector believes of a version's path, with its clues
        public Task<Result<Verdict>> ExplainAsync(Actor actor, long versionId, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<MediaStatistics> StatisticsAsync(Actor actor, CancellationToken cancellation) => throw new NotSupportedException();
    }
}

namespace Catalogizer.Domain.Sources
{
    public sealed class SourceService
    {
        public Task<IReadOnlyList<SourceStatus>> StatusAsync(Actor actor, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<SourceView>> GetAsync(Actor actor, long id, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<SourceView>> AddAsync(Actor actor, SourceDraft draft, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<SourceView>> UpdateAsync(Actor actor, long id, SourceDraft draft, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<SourceView>> RetireAsync(Actor actor, long id, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<SourceTest> TestAsync(Actor actor, SourceDraft draft, CancellationToken cancellation) => throw new NotSupportedException();
        /// folders of this machine, for the folder picker; null starts at the root
        public Task<FolderListing> BrowseAsync(Actor actor, string? path, CancellationToken cancellation) => throw new NotSupportedException();
    }
}

namespace Catalogizer.Domain.Scanning
{
    public sealed class ScanService
    {
        public Task<Result<ScanView>> StartAsync(Actor actor, long sourceId, ScanKind? kind, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<ScanView>> CancelAsync(Actor actor, long scanId, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<ScanView>> GetAsync(Actor actor, long scanId, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<IReadOnlyList<ScanView>> LatestAsync(Actor actor, long sourceId, int count, CancellationToken cancellation) => throw new NotSupportedException();
        public Task<Result<ScanView>> ResolveAsync(Actor actor, long scanId, LossDecision decision, CancellationToken cancellation) => throw new NotSupportedException();
        /// sample of the paths a held scan would lose
        public Task<IReadOnlyList<string>> LossesAsync(Actor actor, long scanId, int limit, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
