using Catalogizer.Domain.Sources.Smb.Worker;
using Catalogizer.Web.Commands;

// A worker has neither settings nor a catalogue, so nothing else is loaded.
return args is [SmbWorker.CommandName, .. var rest] ? SmbWorker.Run(rest) : await CommandLine.RunAsync(args);
