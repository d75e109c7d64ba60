// Runs before anything is drawn. On a first visit the colours follow the reader's system; the choice is kept in a cookie that
// the server reads, so later pages arrive in the right colours.
(() => {
  const cookie = 'catalogizer-theme';
  if (document.cookie.includes(cookie + '=')) return;
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.cookie = `${cookie}=${dark ? 'material-dark' : 'material'}; path=/; max-age=31536000; samesite=lax`;
  if (dark && document.cookie.includes(cookie + '=')) location.reload();
})();
