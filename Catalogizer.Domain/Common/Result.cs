namespace Catalogizer.Domain.Common;

/// <summary>An answer that a person can act on: what is wrong and the way out, in one sentence.</summary>
/// <param name="Message">The sentence, worded for the person who asked.</param>
public abstract record Error(string Message)
{
    /// <summary>The field the answer is about, by its name in forms and in the API; null when it is about the whole request.</summary>
    public string? Field { get; init; }

    /// <summary>What else is wrong with the same request.</summary>
    public IReadOnlyList<Error> OtherErrors { get; init; } = [];
}

/// <summary>Something asked for by id is not in the catalogue.</summary>
public sealed record NotFoundError(string Message) : Error(Message);

/// <summary>A value that was given cannot be used.</summary>
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

    /// <summary>An answer of an interface type, which no conversion may be defined for.</summary>
    public Result(T value)
        : this(value, null)
    {
    }

    /// <summary>Why there is no value; null when there is one.</summary>
    public Error? Error { get; }

    public bool IsOk => Error is null;

    /// <summary>The value. Throws <see cref="InvalidOperationException"/> when the answer is an error.</summary>
    public T Value => Error is null ? _value! : throw new InvalidOperationException(Error.Message);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);
}
