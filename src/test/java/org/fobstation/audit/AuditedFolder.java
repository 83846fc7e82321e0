package org.fobstation.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A data folder with records that are archived and delivered, as a station leaves it. */
final class AuditedFolder {

    final DataFolder data;
    final JournalFolder journal;
    final List<AuditRecord> records = new ArrayList<>();

    private AuditedFolder(Path root) {
        data = new DataFolder(root);
        journal = new JournalFolder(root);
    }

    static AuditedFolder with(Path root, int records, long segmentBytes) throws Exception {
        AuditedFolder folder = new AuditedFolder(root);
        folder.data.create();
        try (AuditJournal journal = folder.journal.open(segmentBytes)) {
            for (int i = 1; i <= records; i++) {
                folder.add(journal, "trx_" + i);
            }
        }
        return folder;
    }

    void add(AuditJournal journal, String transaction) throws Exception {
        AuditRecord record = Runs.pass(journal, transaction);
        Path file = file(record);
        Files.createDirectories(file.getParent());
        Files.write(file, ArchiveFile.of(record));
        journal.settle(record.auditSeq(), new Settlement.Delivered(new Receipt(200, 1)));
        records.add(record);
    }

    /** A copy of its own. */
    AuditedFolder copyTo(Path root) throws IOException {
        AuditedFolder copy = new AuditedFolder(root);
        copy.data.create();
        journal.copyTo(root);
        for (AuditRecord record : records) {
            Files.createDirectories(copy.file(record).getParent());
            Files.copy(file(record), copy.file(record));
        }
        copy.records.addAll(records);
        return copy;
    }

    Path file(AuditRecord record) {
        return data.archive().resolve(record.archiveName());
    }

    AuditHead head() {
        AuditRecord last = records.get(records.size() - 1);
        return new AuditHead(last.auditSeq(), last.auditHash());
    }

    /** Changes the first line of the journal that contains something; gives what the line was. */
    String edit(String containing, String from, String to) throws IOException {
        for (int segment = 1; segment <= journal.files(".journal").size(); segment++) {
            List<String> lines = journal.lines(segment);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).contains(containing)) {
                    journal.replaceLine(segment, i + 1, lines.get(i).replace(from, to));
                    return lines.get(i);
                }
            }
        }
        throw new AssertionError("no line with " + containing);
    }

    List<Path> archived() throws IOException {
        try (Stream<Path> files = Files.walk(data.archive())) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    String journalText() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path segment : journal.files(".journal")) {
            text.append(new String(Files.readAllBytes(segment), StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
