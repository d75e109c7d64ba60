var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
var app = builder.Build();
app.UseAntiforgery();
app.MapGet("/ping", () => "pong");
app.MapStaticAssets();
app.MapRazorComponents<Bare.App>().AddInteractiveServerRenderMode();
app.Run();
