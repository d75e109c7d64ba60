namespace Catalogizer.Domain.Common;

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
