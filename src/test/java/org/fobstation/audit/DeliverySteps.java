package org.fobstation.audit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An exchange of its own for each step that the audit routes call; no route, no key server. */
abstract class DeliverySteps {

    static DefaultCamelContext context;

    @TempDir
    Path temp;

    AuditJournal journal;
    DataFolder folder;
    AuditDelivery delivery;
    AuditRecord record;

    @BeforeAll
    static void openCamel() {
        context = new DefaultCamelContext();
    }

    @AfterAll
    static void closeCamel() {
        context.stop();
    }

    @BeforeEach
    void open() throws Exception {
        folder = new DataFolder(temp);
        journal = AuditJournal.open(AuditSettings.of(temp, Runs.STATION), Runs.CLOCK);
        delivery = AuditDelivery.of(journal, folder);
        record = Runs.pass(journal, "trx_1");
    }

    @AfterEach
    void close() {
        journal.close();
    }

    static Exchange exchange() {
        return new DefaultExchange(context);
    }

    Exchange emitted(AuditDelivery.Post post) {
        Exchange exchange = exchange();
        exchange.setProperty(AuditDelivery.RECORD, record);
        exchange.setProperty(AuditDelivery.POST, post);
        return exchange;
    }

    static Exchange answered(Exchange exchange, int status) {
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        return exchange;
    }

    static Exchange failed(Exchange exchange, Exception cause) {
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, cause);
        return exchange;
    }

    static Exception status(int status) {
        return new HttpOperationFailedException("https://klms/audit", status, "Status", null, Map.of(), "");
    }

    static Settlement settlement(Exchange exchange) {
        return exchange.getProperty(AuditDelivery.SETTLEMENT, Settlement.class);
    }

    static Exchange ofFile(Path file) {
        GenericFile<File> found = new GenericFile<>();
        found.setFile(file.toFile());
        Exchange exchange = exchange();
        exchange.getMessage().setBody(found);
        return exchange;
    }

    static Exchange ofRecord(long auditSeq) {
        Exchange exchange = exchange();
        exchange.getMessage().setHeader(AuditHeaders.SEQUENCE, auditSeq);
        return exchange;
    }

    static void complete(Exchange exchange) {
        UnitOfWorkHelper.doneSynchronizations(
                exchange, exchange.getExchangeExtension().handoverCompletions());
    }

    Path die(Settlement.Dead dead) throws Exception {
        journal.settle(1, dead);
        return Files.write(folder.deadLetters().resolve(record.fileName()), ArchiveFile.of(record, dead));
    }
}
