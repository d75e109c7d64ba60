using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Ui;

/// <summary>
/// Base of components that subscribe to catalogue events, reload at most four times a second, and stop when the user leaves. Loading
/// starts once the circuit is connected, unless <see cref="LoadsOnPrerender"/> is set; until then the loading state is shown.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _leaving = new();
    private EventSubscription? _subscription;

    [Inject]
    internal EventStreamer Streamer { get; set; } = null!;

    [Inject]
    internal CurrentActor CurrentActor { get; set; } = null!;

    [Inject]
    internal ILoggerFactory LoggerFactory { get; set; } = null!;

    /// <summary>The HTTP request of the page; null in a circuit.</summary>
    [CascadingParameter]
    protected HttpContext? Http { get; set; }

    /// <summary>Cancelled when the user leaves the page.</summary>
    protected CancellationToken Leaving { get; private set; }

    /// <summary>The current user; set before the first load.</summary>
    protected Actor Actor { get; private set; } = new(null, "anonymous", []);

    protected bool IsLoaded { get; private set; }

    /// <summary>Why the last load failed, worded for users; null after a successful one.</summary>
    protected string? Failure { get; private set; }

    protected LiveComponent() => Leaving = _leaving.Token;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
        {
            await PrerenderAsync();
            return;
        }

        // Before the first await: the prerendered content is rendered again at once, without a loading state in between.
        var restoredEventCount = RestorePrerendered();
        IsLoaded = restoredEventCount is not null;
        Actor = await CurrentActor.GetAsync();
        if (Leaving.IsCancellationRequested)
        {
            return;
        }

        _subscription = Streamer.Subscribe(catalogEvent => catalogEvent.IsVisibleTo(Actor) && IsRelevant(catalogEvent));
        _ = ListenAsync(_subscription);
        if (restoredEventCount != Streamer.Published)
        {
            await ReloadAsync();
        }
    }

    /// <summary>Whether to load when the page is prerendered as well, before there is a circuit.</summary>
    protected virtual bool LoadsOnPrerender => false;

    /// <summary>
    /// Whether what the URL refers to exists. Called during prerendering; if not, the response is 404 for clients that read only the
    /// first HTML.
    /// </summary>
    protected virtual Task<bool> ExistsAsync() => Task.FromResult(true);

    /// <summary>Restores prerendered data. Returns the number of events published by then, or null when there is nothing to restore.</summary>
    protected virtual long? RestorePrerendered() => null;

    /// <summary>Whether an event makes the shown data stale.</summary>
    protected abstract bool IsRelevant(CatalogEvent catalogEvent);

    /// <summary>Loads the shown data from the services.</summary>
    protected abstract Task LoadAsync();

    /// <summary>Handles relevant events; reloads unless overridden.</summary>
    protected virtual Task OnEventsAsync(IReadOnlyList<CatalogEvent> events) => ReloadAsync();

    protected async Task ReloadAsync()
    {
        await TryRunAsync(async () =>
        {
            await LoadAsync();
            IsLoaded = true;
            Failure = null;
        });
        if (!Leaving.IsCancellationRequested)
        {
            StateHasChanged();
        }
    }

    /// <summary>Runs a unit of work of this page. An exception is logged and shown, and the page goes on. Returns whether it succeeded.</summary>
    protected async Task<bool> TryRunAsync(Func<Task> operation)
    {
        try
        {
            await operation();
            return true;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
        }
        catch (PermissionDeniedException)
        {
            Failure = "Your account does not have the permission this needs. Somebody who manages accounts here can give it to you.";
        }
#pragma warning disable CA1031 // End of a unit of work: any exception is logged and shown, and the circuit goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LoggerFactory.CreateLogger(GetType()).LogError(exception, "{Page} could not be loaded", GetType().Name);
            Failure = "The catalogue did not answer as it should. Nothing was changed by it. Try again in a moment; the server's log says more.";
        }

        return false;
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_leaving.IsCancellationRequested)
        {
            _leaving.Cancel();
            _subscription?.Dispose();
            _leaving.Dispose();
        }
    }

    private async Task PrerenderAsync()
    {
        Actor = await CurrentActor.GetAsync();
        var exists = true;
        await TryRunAsync(async () => exists = await ExistsAsync());
        if (!exists && Http is { } http)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        if (LoadsOnPrerender || !exists)
        {
            await ReloadAsync();
        }
    }

    private async Task ListenAsync(EventSubscription subscription)
    {
        await foreach (var batch in subscription.ReadAsync(RefreshInterval, Leaving))
        {
            await InvokeAsync(() => Leaving.IsCancellationRequested ? Task.CompletedTask : TryRunAsync(() => OnEventsAsync([.. batch.Select(catalogEvent => catalogEvent.ForReader(Actor))])));
        }
    }
}
