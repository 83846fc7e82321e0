package org.fobstation.audit;

/** Carries out one command. The request is journaled before. Must be done in less than ten seconds and bear a repeat. */
@FunctionalInterface
public interface RequestHandler {

    /** Called on the request folder's thread; what it throws is answered as a refusal. */
    RequestResult handle(Request request);
}
