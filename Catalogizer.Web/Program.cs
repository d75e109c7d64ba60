using Catalogizer.Domain.Sources.Smb.Worker;
using Catalogizer.Web.Commands;

// A worker has no settings and no catalogue: nothing of the rest is loaded.
return args is [SmbWorker.CommandName, .. var rest] ? SmbWorker.Run(rest) : await CommandLine.RunAsync(args);
