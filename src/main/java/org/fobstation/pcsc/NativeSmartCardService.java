package org.fobstation.pcsc;

import com.sun.jna.Memory;
import java.util.function.Supplier;

/**
 * The PC/SC service of this machine: winscard.dll on Windows, libpcsclite.so.1 on Linux, both in 64 bit. The library is
 * loaded with the first context, so a station without it starts and says what is missing.
 */
public final class NativeSmartCardService implements SmartCardService {

    private static final Supplier<PcscFunctions> WINDOWS = new Loaded(WindowsPcsc::new);
    private static final Supplier<PcscFunctions> LINUX = new Loaded(LinuxPcsc::new);

    private final PcscAbi abi;
    private final Supplier<PcscFunctions> library;

    /** @throws UnsupportedOperationException on any other system than 64-bit Windows or Linux */
    public NativeSmartCardService() {
        this(PcscAbi.of(System.getProperty("os.name"), Integer.getInteger("sun.arch.data.model", 64) / 8));
    }

    private NativeSmartCardService(PcscAbi abi) {
        this(abi, abi == PcscAbi.WINDOWS ? WINDOWS : LINUX);
    }

    NativeSmartCardService(PcscAbi abi, Supplier<PcscFunctions> library) {
        this.abi = abi;
        this.library = library;
    }

    /**
     * @throws PcscException with {@code E_NO_SERVICE} if the library is missing or cannot be loaded; the next call tries
     *     again
     */
    @Override
    public SmartCardContext establish() throws PcscException {
        PcscFunctions pcsc = load();
        try (Memory handle = new Memory(PcscAbi.HANDLE)) {
            handle.clear();
            PcscException.check("SCardEstablishContext", pcsc.establishContext(PcscFunctions.SCOPE_SYSTEM, handle));
            return new NativeContext(abi, pcsc, handle.getLong(0));
        }
    }

    private PcscFunctions load() throws PcscException {
        try {
            return library.get();
        } catch (LinkageError e) {
            String remedy = abi == PcscAbi.WINDOWS
                    ? "It is part of Windows: repair the installation."
                    : "Install it (Debian: apt-get install pcscd libpcsclite1).";
            throw new PcscException(
                    "The PC/SC library " + abi.library() + " cannot be loaded. " + remedy + " ("
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given") + ")",
                    PcscException.E_NO_SERVICE,
                    e);
        }
    }

    @Override
    public String description() {
        return abi.library();
    }

    /** A library that is loaded once for the process; a failure is not kept. */
    private static final class Loaded implements Supplier<PcscFunctions> {

        private final Supplier<PcscFunctions> loader;
        private PcscFunctions functions;

        Loaded(Supplier<PcscFunctions> loader) {
            this.loader = loader;
        }

        @Override
        public synchronized PcscFunctions get() {
            if (functions == null) {
                functions = loader.get();
            }
            return functions;
        }
    }
}
