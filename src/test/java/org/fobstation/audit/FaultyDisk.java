package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** A disk whose N-th operation fails, once; everything before and after works. */
final class FaultyDisk implements JournalFile.Opener {

    enum Fault {
        NO_SPACE("the disk is full"),
        IO_ERROR("the disk fails"),
        ACCESS_DENIED("the station's user may not write there");

        final String sentence;

        Fault(String sentence) {
            this.sentence = sentence;
        }

        IOException exception(Path file) {
            return switch (this) {
                case NO_SPACE -> new IOException("No space left on device");
                case IO_ERROR -> new IOException("Input/output error");
                case ACCESS_DENIED -> new AccessDeniedException(file.toString());
            };
        }
    }

    private final Fault fault;
    private int operationsLeft;
    private boolean failed;

    FaultyDisk(Fault fault, int number) {
        this.fault = fault;
        operationsLeft = number;
    }

    boolean hasFailed() {
        return failed;
    }

    private void operate(Path file) throws IOException {
        operationsLeft--;
        if (operationsLeft == 0) {
            failed = true;
            throw fault.exception(file);
        }
    }

    @Override
    public JournalFile open(Path segment) throws IOException {
        operate(segment);
        JournalFile real = DiskJournalFile.open(segment);
        return new JournalFile() {
            @Override
            public void append(byte[] bytes) throws IOException {
                operate(segment);
                real.append(bytes);
            }

            @Override
            public void force() throws IOException {
                operate(segment);
            }

            @Override
            public void truncate(long length) throws IOException {
                operate(segment);
                real.truncate(length);
            }

            @Override
            public void close() throws IOException {
                real.close();
                operate(segment);
            }
        };
    }
}
