namespace Catalogizer.Domain.Common;

/// <summary>A failure that the user can act on: what is wrong and how to fix it, in one sentence.</summary>
/// <param name="Message">The sentence, worded for the user who made the request.</param>
public abstract record Error(string Message)
{
    /// <summary>The field concerned, by its name in forms and in the API; null when the error concerns the whole request.</summary>
    public string? Field { get; init; }

    /// <summary>Further errors of the same request.</summary>
    public IReadOnlyList<Error> OtherErrors { get; init; } = [];
}

/// <summary>An object requested by id is not in the catalogue.</summary>
public record NotFoundError(string Message) : Error(Message);

/// <summary>A given value cannot be used.</summary>
public record InvalidError : Error
{
    public InvalidError(string field, string message)
        : base(message) => Field = field;
}

/// <summary>The request is valid, but not in the current state.</summary>
public record ConflictError(string Message) : Error(Message);

/// <summary>The user lacks the right to do this to this object, whatever permissions the action itself requires.</summary>
public record ForbiddenError(string Message) : Error(Message);

/// <summary>Something that the request needs does not answer at the moment.</summary>
/// <param name="RetryAfter">When to try again; null when that is not known.</param>
public record UnavailableError(string Message, TimeSpan? RetryAfter = null) : Error(Message);

/// <summary>Too many requests in a period.</summary>
/// <param name="RetryAfter">When to try again.</param>
public record TooManyRequestsError(string Message, TimeSpan RetryAfter) : Error(Message);
