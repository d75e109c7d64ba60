using System.Buffers.Binary;
using Catalogizer.Domain.Sources.Smb.Worker;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>What may be sent to a file server unencrypted where encryption is required.</summary>
public sealed class EncryptionGuardTests
{
    [Theory]
    [InlineData(0, true)]       // negotiate
    [InlineData(1, true)]       // session setup
    [InlineData(2, true)]
    [InlineData(3, true)]       // tree connect
    [InlineData(4, true)]
    [InlineData(5, false)]      // create
    [InlineData(8, false)]      // read
    [InlineData(14, false)]     // list
    [InlineData(16, false)]
    [InlineData(0xFFFF, false)]
    public void IsAllowed_Clear_OnlyWhatMakesTheConnection(int command, bool isAllowed) => Assert.Equal(isAllowed, EncryptionGuard.IsAllowed(CreateMessage(command)));

    [Theory]
    [InlineData(0x00140204u, true)]     // validates the negotiation
    [InlineData(0x00060194u, false)]    // requests a path
    public void IsAllowed_Control_OnlyTheOneThatProves(uint code, bool isAllowed)
    {
        var message = CreateMessage(11);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(68), code);

        Assert.Equal(isAllowed, EncryptionGuard.IsAllowed(message));
    }

    [Fact]
    public void IsAllowed_Encrypted_Passes() => Assert.True(EncryptionGuard.IsAllowed([0xFD, (byte)'S', (byte)'M', (byte)'B', 1, 2, 3]));

    [Fact]
    public void IsAllowed_SecondOfTwo_IsLookedAtAsWell()
    {
        byte[] CombineMessages(int second)
        {
            var first = CreateMessage(3);
            BinaryPrimitives.WriteInt32LittleEndian(first.AsSpan(20), first.Length);
            return [.. first, .. CreateMessage(second)];
        }

        Assert.True(EncryptionGuard.IsAllowed(CombineMessages(4)));
        Assert.False(EncryptionGuard.IsAllowed(CombineMessages(5)));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0xFE, (byte)'S', (byte)'M', (byte)'B' })]
    [InlineData(new byte[] { 0xFF, (byte)'S', (byte)'M', (byte)'B', 0x72 })]
    public void IsAllowed_ShortOrOld_DoesNot(byte[] message) => Assert.False(EncryptionGuard.IsAllowed(message));

    [Fact]
    public void IsAllowed_NextPointsAnywhere_EndsAndDoesNotPass()
    {
        foreach (var next in new[] { -1, int.MinValue, 1, 63, 1000, int.MaxValue })
        {
            var message = CreateMessage(3);
            BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(20), next);
            Assert.False(EncryptionGuard.IsAllowed(message));
        }
    }

    private static byte[] CreateMessage(int command)
    {
        var message = new byte[80];
        message[0] = 0xFE;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(12), (ushort)command);
        return message;
    }
}
