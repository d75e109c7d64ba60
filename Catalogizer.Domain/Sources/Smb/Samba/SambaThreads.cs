using System.Runtime.InteropServices;

namespace Catalogizer.Domain.Sources.Smb.Samba;

/// <summary>
/// Gives Samba's library mutexes and thread-local storage. Without them it ends the process within seconds once several connections
/// work concurrently; the function that its header declares for this is missing in every built library.
/// </summary>
internal static unsafe partial class SambaThreads
{
    private const string LibC = "libc";
    private const int Unlock = 2;
    private static Functions* _functions;

    /// <exception cref="EntryPointNotFoundException">This release of the library does not have smb_thread_set_functions.</exception>
    public static void Install()
    {
        // Never freed: the library reads it for the lifetime of the process.
        _functions = (Functions*)NativeMemory.Alloc((nuint)sizeof(Functions));
        *_functions = new Functions
        {
            CreateMutex = &CreateMutex,
            DestroyMutex = &DestroyMutex,
            LockMutex = &LockMutex,
            CreateStorage = &CreateStorage,
            DestroyStorage = &DestroyStorage,
            SetStorage = &SetStorage,
            GetStorage = &GetStorage,
        };
        if (smb_thread_set_functions(_functions) is not 0 and var error)
        {
            throw new InvalidOperationException($"Samba's library did not take the thread functions ({error}).");
        }
    }

    [UnmanagedCallersOnly]
    private static int CreateMutex(byte* name, void** mutex, byte* location)
    {
        *mutex = NativeMemory.AllocZeroed(64);
        return pthread_mutex_init(*mutex, null);
    }

    [UnmanagedCallersOnly]
    private static void DestroyMutex(void* mutex, byte* location)
    {
        _ = pthread_mutex_destroy(mutex);
        NativeMemory.Free(mutex);
    }

    [UnmanagedCallersOnly]
    private static int LockMutex(void* mutex, int kind, byte* location) => kind == Unlock ? pthread_mutex_unlock(mutex) : pthread_mutex_lock(mutex);

    /// <summary>Stores the key plus one, since 0 is a valid key but a null pointer means none.</summary>
    [UnmanagedCallersOnly]
    private static int CreateStorage(byte* name, void** storage, byte* location)
    {
        uint key;
        var error = pthread_key_create(&key, null);
        if (error == 0)
        {
            *storage = (void*)(nint)(key + 1);
        }

        return error;
    }

    [UnmanagedCallersOnly]
    private static void DestroyStorage(void** storage, byte* location)
    {
        if (*storage != null)
        {
            _ = pthread_key_delete((uint)(nint)(*storage) - 1);
            *storage = null;
        }
    }

    [UnmanagedCallersOnly]
    private static int SetStorage(void* storage, void* value, byte* location) => pthread_setspecific((uint)(nint)storage - 1, value);

    [UnmanagedCallersOnly]
    private static void* GetStorage(void* storage, byte* location) => storage == null ? null : pthread_getspecific((uint)(nint)storage - 1);

    [LibraryImport(SambaLibrary.BaseFileName)]
    private static partial int smb_thread_set_functions(Functions* functions);

    [LibraryImport(LibC)]
    private static partial int pthread_mutex_init(void* mutex, void* attributes);

    [LibraryImport(LibC)]
    private static partial int pthread_mutex_destroy(void* mutex);

    [LibraryImport(LibC)]
    private static partial int pthread_mutex_lock(void* mutex);

    [LibraryImport(LibC)]
    private static partial int pthread_mutex_unlock(void* mutex);

    [LibraryImport(LibC)]
    private static partial int pthread_key_create(uint* key, void* end);

    [LibraryImport(LibC)]
    private static partial int pthread_key_delete(uint key);

    [LibraryImport(LibC)]
    private static partial int pthread_setspecific(uint key, void* value);

    [LibraryImport(LibC)]
    private static partial void* pthread_getspecific(uint key);

    /// <summary>struct smb_thread_functions.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Functions
    {
        public delegate* unmanaged<byte*, void**, byte*, int> CreateMutex;
        public delegate* unmanaged<void*, byte*, void> DestroyMutex;
        public delegate* unmanaged<void*, int, byte*, int> LockMutex;
        public delegate* unmanaged<byte*, void**, byte*, int> CreateStorage;
        public delegate* unmanaged<void**, byte*, void> DestroyStorage;
        public delegate* unmanaged<void*, void*, byte*, int> SetStorage;
        public delegate* unmanaged<void*, byte*, void*> GetStorage;
    }
}
