// Runs before anything is drawn. On a first visit the colours follow the reader's system; the choice is kept in a cookie that
// the server reads, so later pages arrive in the right colours.
(() => {
  const cookie = 'catalogizer-theme';
  const keep = theme => { document.cookie = `${cookie}=${theme}; path=/; max-age=31536000; samesite=lax`; };
  const isKept = () => document.cookie.includes(cookie + '=');

  if (!isKept()) {
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    keep(dark ? 'material-dark' : 'material');
    if (dark && isKept()) location.reload();
  }

  window.catalogizer = {
    useTheme(theme, word) {
      keep(theme);
      document.documentElement.dataset.theme = word;
    },
  };

  // A cover that cannot be fetched gives way to the drawn one below it.
  addEventListener('error', e => { if (e.target.matches?.('.art-poster')) e.target.remove(); }, true);

  addEventListener('click', async e => {
    const wanted = e.target.closest?.('[data-reconnect]')?.dataset.reconnect;
    if (wanted === 'reload') location.reload();
    if (wanted === 'again') {
      try {
        if (!await Blazor.reconnect()) location.reload();
      } catch {
        // Still no answer: the card stays, and so does the page.
      }
    }
  });
})();
