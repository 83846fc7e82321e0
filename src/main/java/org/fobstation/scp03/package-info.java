/**
 * GlobalPlatform SCP03 (Card Specification 2.3.1, Amendment D 1.2), the host's side. A library of its own: it needs
 * {@code apdu} and {@code secret}, and an {@link org.fobstation.apdu.ApduTransport} that carries bytes to the card.
 *
 * <p>A session, after the security domain was selected:
 *
 * <pre>{@code
 * HandshakeParameters parameters = HandshakeParameters.of(kvn);
 * try (Handshake handshake = Handshake.begin(transport, staticKeys, parameters, random);
 *         SecureChannel channel = handshake.authenticate(SecurityLevel.LEVEL_33)) {
 *     CommandApdu getStatus = CommandApdu.of(0x80, 0xF2, 0x80, 0x02, tagList, CommandApdu.NE_SHORT_MAX);
 *     ResponseApdu isd = channel.transmit(getStatus);
 *     if (!isd.status().isSuccess()) {
 *         throw new IllegalStateException("GET STATUS gave " + isd.status());
 *     }
 *     StoreData storeData = StoreData.of(0x00, payload, channel.maxShortData());
 *     StoreData.Sent sent = storeData.send(channel);
 *     return sent.answer().status();
 * }
 * }</pre>
 *
 * <p>{@link org.fobstation.scp03.Handshake} opens a session in two steps, {@link org.fobstation.scp03.SecureChannel} is
 * the open session, {@link org.fobstation.scp03.StoreData} and {@link org.fobstation.scp03.PutKey} are the commands
 * that need more than a header. Whoever opens a session closes it: that wipes its keys. Static keys stay the caller's
 * throughout. All of it belongs to one thread at a time.
 */
package org.fobstation.scp03;
