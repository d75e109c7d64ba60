namespace Catalogizer.Jobs;

/// <summary>Identifies a job by its kind and, where there are several of that kind, its subject. Written as "kind" or "kind:argument".</summary>
public readonly record struct JobId(string Kind, string Argument)
{
    public static JobId Parse(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? new JobId(text[..colon], text[(colon + 1)..]) : new JobId(text, "");

    public override string ToString() => Argument.Length == 0 ? Kind : $"{Kind}:{Argument}";
}
