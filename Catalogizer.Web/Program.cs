using Catalogizer.Web.Commands;

return await CommandLine.RunAsync(args);
