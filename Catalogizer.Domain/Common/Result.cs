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
public sealed record NotFoundError(string Message) : Error(Message);

/// <summary>A given value cannot be used.</summary>
public sealed record InvalidError : Error
{
    public InvalidError(string field, string message)
        : base(message) => Field = field;
}

/// <summary>Either a value or an <see cref="Common.Error"/>.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Error? error) => (_value, Error) = (value, error);

    /// <summary>For values of an interface type, for which C# allows no conversion operator.</summary>
    public Result(T value)
        : this(value, null)
    {
    }

    /// <summary>The error; null on success.</summary>
    public Error? Error { get; }

    public bool IsOk => Error is null;

    /// <summary>The value. Throws <see cref="InvalidOperationException"/> when the result is an error.</summary>
    public T Value => Error is null ? _value! : throw new InvalidOperationException(Error.Message);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);
}
