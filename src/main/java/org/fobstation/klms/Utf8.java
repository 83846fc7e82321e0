package org.fobstation.klms;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Strict UTF-8 (RFC 3629). The JSON parser lets overlong forms and lone surrogates pass. */
final class Utf8 {

    private Utf8() {}

    /** @throws AnswerInvalidException naming the byte at which {@code bytes} is no UTF-8 */
    static void require(byte[] bytes) throws AnswerInvalidException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        char[] scratch = new char[512];
        try {
            CharBuffer out = CharBuffer.wrap(scratch);
            CoderResult result = CoderResult.OVERFLOW;
            while (result.isOverflow()) {
                out.clear();
                result = decoder.decode(in, out, true);
            }
            if (result.isError()) {
                throw new AnswerInvalidException("the answer is no UTF-8 at byte " + in.position());
            }
        } finally {
            Arrays.fill(scratch, '\0');
        }
    }
}
